"""The caller's leg: what each webhook about it means, in the order in which a call passes these doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ivr import errand, handing_on, phrase, session, survey_later, wire
from ivr import heard as h
from ivr import instruction as i
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu.tree import QueueNode, SurveyNode, Tree
from ivr.message import Message, MessageState
from ivr.promises import closes_at, known, needed, relaxing, who_is
from ivr.recorder import Told
from ivr.session import lookup, notice, survey
from ivr.store import Tx
from ivr.switchboard import Order, Switchboard, have_talked, keep_what_was_typed
from ivr.third import RING_S, How, ThirdState
from ivr.webhook import Webhook
from routing import distributor
from routing.contact import Contact, ContactState
from routing.effect import Connected, Effect, Overflowed
from routing.queue import FULL

PRESSED = "pressed"
"""Why a contact left: `pressed 2`."""

UNKNOWN_KIND = "question"
"""The kind of case that a message becomes whose call says nothing about it."""

CALLBACK_MAX = timedelta(minutes=1)
"""A message that the carrier has not called ready by then is asked for without being told."""

RING_STEP = 0
"""The step of the first webhook, which has none in its address."""

Said = tuple[list[i.Instruction], list[Effect | Order]]
"""What a door answers: instructions for the carrier, and what follows on the floor."""


def ring(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice`: a call comes in and hears the first thing of the tree that is published now."""
    switchboard.hotlines.refresh()

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state is not CallState.RINGING:
            return session.ask_again(call, tree, tx.now), []
        return _rang(switchboard, tx, call, tree), []

    return _door(switchboard, webhook, "ring", answer)


def hear(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/step`: keys, words, silence or a message."""
    heard = webhook.heard()

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state is not CallState.IN_MENU:
            return session.ask_again(call, tree, tx.now), []
        if isinstance(heard, h.Recorded) and heard.length_s > 0:
            _keep_message(tx, call, tree, heard)
        return switchboard.step(call, heard, tree, tx.now), []

    return _door(switchboard, webhook, "step", answer)


def go_on(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/on`: what was said has been heard, and the call goes on where it stands."""
    return _in_menu(switchboard, webhook, "on", lambda tx, call: h.WentOn())


def transfer_ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/dialed`: the other number was busy, or did not answer - or that conversation is over."""
    return _in_menu(switchboard, webhook, "dialed", lambda tx, call: webhook.dialled())


def look(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/looked-up`: has the other system answered? If not, and there is time, once more in a second."""

    def heard(tx: Tx, call: Call) -> h.Heard | None:
        asked = tx.lookups.of_call(call.sid)
        if asked and asked.answered_at is None and tx.now < asked.until:
            return None
        tx.lookups.forget(call.sid)
        return h.LookedUp(asked.found if asked else None)

    return _in_menu(switchboard, webhook, lookup.DOOR, heard, i.GoOn(lookup.DOOR, lookup.POLL_S))


def wait(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/wait`: the carrier has the call in its queue. *Now* it is waiting: an agent who answered earlier than
    this would be joined to nobody."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        node = tree.nodes[call.node]
        effects = []
        if call.state is CallState.IN_MENU and isinstance(node, QueueNode):
            effects = _start_waiting(tx, call, tree, node)
        contact = tx.floor.contact(call.contact) if call.contact else None
        if call.state is not CallState.WAITING or contact is None:
            return [i.Play("music")], effects
        if contact.state is ContactState.DONE:
            return [i.Leave()], effects  # it overflowed at once: no order is needed, this answer does it
        if (offer := tx.floor.live_offer(contact.id)) and offer.connected:  # taken while the call was on its way back
            effects.append(Connected(offer, tx.floor.agent(offer.agent), contact))
        return session.wait(call, tree, distributor.outlook(tx.floor, contact, tx.now), tx.now), effects

    return _door(switchboard, webhook, "wait", answer)


def press_while_waiting(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/exit`: a key was pressed while waiting; one of the queue's own leads out of it."""
    keys = webhook.values.get("Digits", "")

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        contact = tx.floor.contact(call.contact) if call.contact else None
        if call.state is not CallState.WAITING or contact is None:
            return [i.Play("music")], []
        if contact.state is not ContactState.DONE and session.exit_of(call, tree, keys):
            effects = distributor.leave(tx.floor, contact.id, f"{PRESSED} {keys}", tx.now)
            return ([i.Leave()], effects) if effects or contact.state is ContactState.DONE else ([i.Play("music")], [])
        return ([i.Leave()] if contact.state is ContactState.DONE else [i.GoOn("wait")]), []

    return _door(switchboard, webhook, "exit", answer)


def leave_queue(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/left`: the carrier's queue let the call go - sent on by us, given up, full or failed."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state not in (CallState.IN_MENU, CallState.WAITING):
            return [], []
        said = switchboard.step(call, _why_left(tx, call, webhook), tree, tx.now)
        waits = call.state is CallState.WAITING or not call.contact
        return said, [] if waits else distributor.caller_gone(tx.floor, call.contact, tx.now)

    return _door(switchboard, webhook, "left", answer)


def overflow(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/overflow`: the wait was too long, or nobody is there any more."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state is not CallState.WAITING:
            return session.ask_again(call, tree, tx.now), []
        contact = tx.floor.contact(call.contact)
        if contact.state is not ContactState.DONE:  # a late order, about the contact that the call was before
            return [i.Enqueue(contact.queue)], []
        return switchboard.step(call, h.Overflowed(contact.why or ""), tree, tx.now), []

    return _door(switchboard, webhook, "overflow", answer)


def join(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/join`: the representative is in the conference, and so is now the caller."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        offer = tx.floor.live_offer(call.contact) if call.contact else None
        if offer is None or not offer.connected:  # they are gone again: back to the carrier's queue
            node = tree.nodes[call.node]
            waits = call.state is CallState.WAITING and isinstance(node, QueueNode)
            return [i.Enqueue(node.queue)] if waits else session.ask_again(call, tree, tx.now), []
        if call.state is CallState.WAITING:
            LIFECYCLE.fire(call, "connect")
        call.connected_at, call.outcome, call.redirected_at = tx.now, Outcome.SERVED, None
        tx.happened(call.sid, "connected", agent=offer.agent)
        queue = tree.queues.get(tx.floor.contact(call.contact).queue)
        records = queue is not None and notice.may_record(queue, call.consent)
        orders = switchboard.recorder.begin(tx, call.contact, call.sid, offer.agent) if records else []
        return [i.Connect(handing_on.room(tx, tx.floor.contact(call.contact)))], orders

    return _door(switchboard, webhook, "join", answer)


def talk_ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/after`: the conversation is over; if the caller is still there, the survey follows."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        offer = tx.floor.live_offer(call.contact) if call.contact else None
        effects = []
        if offer and offer.connected:
            lost = not have_talked(call, tx.now) and not webhook.ended
            ended = distributor.leg_lost(tx.floor, offer.id, "nobody talked", tx.now) if lost else None
            effects = ended if lost else distributor.talk_ended(tx.floor, call.contact, tx.now)
        if call.state is not CallState.TALKING:
            return session.ask_again(call, tree, tx.now), effects
        call.redirected_at = None
        if webhook.ended:  # nobody is there to be asked anything
            return [], effects
        over = tx.floor.contact(call.contact).state is ContactState.DONE
        if not call.survey and who_is(call) and survey.rests(tx.surveyed_at(call.hotline, call.caller), tx.now):
            call.survey = survey.SPARED
        return switchboard.step(call, h.TalkEnded() if over else h.RepresentativeGone(), tree, tx.now), effects

    return _door(switchboard, webhook, "after", answer)


def hand_on(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/onward`: the representative has handed the caller on, to a queue or to a number."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        contact = tx.floor.contact(call.contact) if call.contact else None
        third = tx.thirds.of_contact(call.contact) if call.contact else None
        if call.state is CallState.TALKING and third and third.how is How.BLIND:
            call.redirected_at = None
            words = i.Say(phrase.connecting(call.language), call.language)
            return [words, i.Dial(third.address, RING_S, "handed-out")], []
        if call.state is not CallState.WAITING or contact is None:
            return session.ask_again(call, tree, tx.now), []
        if contact.state is ContactState.DONE:
            return switchboard.step(call, h.Overflowed(contact.why or ""), tree, tx.now), []
        call.connected_at = call.redirected_at = None
        told = session.told_on_the_way(call, tree, contact.queue, tx.now)
        return [i.Say(phrase.please_hold(call.language), call.language), *told, i.Enqueue(contact.queue)], []

    return _door(switchboard, webhook, "onward", answer)


def handed_out_ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/handed-out`: the conversation with the other number is over - or nobody answered: back to the queue."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state is not CallState.TALKING:
            return session.ask_again(call, tree, tx.now), []
        if third := tx.thirds.of_contact(call.contact):
            third.state = ThirdState.OVER
            tx.thirds.save(third)
        if webhook.ended:
            return [], []
        talked = webhook.dialled().talked
        return switchboard.step(call, h.TalkEnded() if talked else h.RepresentativeGone(), tree, tx.now), []

    return _door(switchboard, webhook, "handed-out", answer)


def call_ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/status`: the call is over, however it came to be."""
    if webhook.ended:
        switchboard.end_call(webhook.sid)
    return wire.NOTHING_TO_SAY


def message_is_ready(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/recording`: a message can be fetched now. One that no step told of - the fallback's - is taken up too."""
    recording, length_s = webhook.values.get("RecordingSid"), int(webhook.values.get("RecordingDuration", "0"))
    if recording is None or webhook.values.get("RecordingStatus") != "completed":
        return wire.NOTHING_TO_SAY

    def ready(tx: Tx) -> tuple[None, list[Effect]]:
        message = tx.messages.of_recording(recording)
        if message is None:  # the fallback's, or this came before the step that tells of it
            call, inquiry = tx.call(webhook.sid), tx.inquiries.of_leg(webhook.sid)
            tree = switchboard.hotlines.tree(call.version) if call else None
            if inquiry or (call and tree and isinstance(tree.nodes.get(call.node), SurveyNode)):
                about = tx.call(inquiry.call) if inquiry else call
                survey_later.keep_message(tx, about, recording, length_s, tx.now)
                return None, []
            about = known(call, tree) if call and tree else {}
            _take_message(tx, webhook.sid, call, about, recording, length_s, tx.now)
        elif message.state is MessageState.ANNOUNCED:
            message.try_at = tx.now
            tx.messages.save(message)
        return None, []

    switchboard.happen(ready)
    switchboard.fetch_messages()
    return wire.NOTHING_TO_SAY


def conversation_is_recorded(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/conversation-recorded`: what became of the recording of a conversation."""
    values = webhook.values
    recording, status = values.get("RecordingSid"), values.get("RecordingStatus")
    if recording and status in ("completed", "absent"):
        told = Told(webhook.step, webhook.sid, recording, status, int(values.get("RecordingDuration", "0")))
        switchboard.happen(lambda tx: (None, switchboard.recorder.told(tx, told)))
    return wire.NOTHING_TO_SAY


def _in_menu(
    switchboard: Switchboard,
    webhook: Webhook,
    door: str,
    heard: Callable[[Tx, Call], h.Heard | None],
    *meanwhile: i.Instruction,
) -> bytes:
    """A door of a call that stands in the tree; `meanwhile` is answered when nothing was heard yet."""

    def answer(tx: Tx, call: Call, tree: Tree) -> Said:
        if call.state is not CallState.IN_MENU:
            return session.ask_again(call, tree, tx.now), []
        it = heard(tx, call)
        return (list(meanwhile) if it is None else switchboard.step(call, it, tree, tx.now)), []

    return _door(switchboard, webhook, door, answer)


def _why_left(tx: Tx, call: Call, webhook: Webhook) -> h.Heard:
    """Why a call left the carrier's queue: as the floor knows it, else as the carrier says it."""
    left = webhook.left_queue()
    contact = tx.floor.contact(call.contact) if call.contact else None
    if left.why == "queue-full":
        return h.Overflowed(FULL)
    if left.why != "leave" or contact is None or contact.state is not ContactState.DONE:
        return left
    why = contact.why or ""
    return h.LeftByKey(why.removeprefix(f"{PRESSED} ")) if why.startswith(PRESSED) else h.Overflowed(why)


def _door(switchboard: Switchboard, webhook: Webhook, door: str, answer: Callable[[Tx, Call, Tree], Said]) -> bytes:
    """One step of a call: the stored answer if this step was answered before, else a new one and all it changes."""

    def happen(tx: Tx) -> tuple[bytes, list[Effect | Order]]:
        before = tx.call(webhook.sid)
        call = before or _new_call(tx, switchboard, webhook)
        tree = switchboard.hotlines.tree(call.version)
        step = webhook.step_number if webhook.step else RING_STEP
        if before is None and step != RING_STEP:  # begun before this database was: it begins again
            return _begin_again(tx, switchboard, call, tree, door, step, webhook)
        stored = tx.answer(call.sid, door, step)
        if stored is not None:
            return stored, []
        if step > call.step or (step == RING_STEP) != (door == "ring"):  # an address that we never handed out
            tx.happened(call.sid, "odd webhook", door=door, step=step)
            return wire.render(session.ask_again(call, tree, tx.now), _addresses(switchboard, call, tree)), []
        before = _Before(call)
        said, effects = answer(tx, call, tree)
        if webhook.ended:
            switchboard.step(call, h.HungUp(), tree, tx.now)
            if call.contact:
                effects += distributor.caller_gone(tx.floor, call.contact, tx.now)
        if call.state is CallState.ENDED:
            keep_what_was_typed(tx, call, tree)
            survey_later.missed(tx, call, tree)
        before.tell(tx, call)
        call.step += 1
        effects = [*errand.run(switchboard, tx, call, tree, said), *effects]
        to = _addresses(switchboard, call, tree)
        body = wire.render_wait(said, to) if door == "wait" else wire.render(said, to)
        tx.keep_answer(call.sid, door, step, body)
        tx.save(call)
        return body, effects

    return switchboard.happen(happen)


def _rang(switchboard: Switchboard, tx: Tx, call: Call, tree: Tree) -> list[i.Instruction]:
    """The first thing a call hears."""
    emergency = tx.emergencies.on(tree.hotline, tx.now)
    if emergency:
        tx.happened(call.sid, "met the emergency", set_by=emergency.set_by)
    return switchboard.step(call, h.Rang(emergency is not None), tree, tx.now)


def _addresses(switchboard: Switchboard, call: Call, tree: Tree) -> wire.Addresses:
    """Where the carrier goes next with this call."""
    prompts = switchboard.hotlines.prompts_of(call.version)
    return wire.Addresses(switchboard.line.base_url, call.step, tree.version, prompts, tree.voices)


def _begin_again(
    tx: Tx, switchboard: Switchboard, call: Call, tree: Tree, door: str, step: int, webhook: Webhook
) -> tuple[bytes, list[Effect | Order]]:
    """The first answer to a call that is known to the carrier alone; one that stands in its queue is fetched out."""
    said: list[i.Instruction] = [i.Leave()] if door == "wait" else _rang(switchboard, tx, call, tree)
    if webhook.ended:
        switchboard.step(call, h.HungUp(), tree, tx.now)
    call.step = step + 1
    effects = errand.run(switchboard, tx, call, tree, said)
    body = wire.render(said, _addresses(switchboard, call, tree))
    tx.keep_answer(call.sid, door, step, body)
    tx.save(call)
    return body, effects


class _Before:
    """A call before a step, so that what changed can be told as events."""

    def __init__(self, call: Call) -> None:
        self.node, self.path, self.typed, self.answers = call.node, len(call.path), dict(call.typed), dict(call.answers)
        self.noted = dict(call.noted)
        self.ended = call.state is CallState.ENDED

    def tell(self, tx: Tx, call: Call) -> None:
        for node, key in call.path[self.path :]:
            tx.happened(call.sid, "pressed", node=node, key=key)
        for variable in call.typed.keys() - self.typed.keys():
            tx.happened(call.sid, "typed", variable=variable, digits=call.typed[variable])
        for variable, value in call.noted.items():
            if self.noted.get(variable) != value:
                tx.happened(call.sid, "noted", variable=variable, value=value)
        survey_later.tell_answers(tx, call, self.answers)
        if call.node != self.node:
            tx.happened(call.sid, "came to", node=call.node)
        if call.state is CallState.ENDED and not self.ended:
            tx.happened(call.sid, "ended", outcome=str(call.outcome))


def _new_call(tx: Tx, switchboard: Switchboard, webhook: Webhook) -> Call:
    tree = switchboard.hotlines.for_number(webhook.called)
    language = tree.numbers.get(webhook.called, tree.languages[0])
    call = Call(webhook.sid, tree.hotline, tree.version, webhook.caller, webhook.called, language, tx.now)
    tx.add(call)
    tx.happened(call.sid, "rang", hotline=tree.hotline, version=tree.version, caller=call.caller, called=call.called)
    return call


def _start_waiting(tx: Tx, call: Call, tree: Tree, node: QueueNode) -> list[Effect]:
    """The call becomes a contact of the queue; one whose representative was gone at once still is, at its place."""
    LIFECYCLE.fire(call, "wait")
    call.outcome, call.announced_at, call.announced, call.announcements = None, None, "", 0
    call.redirected_at = call.connected_at = None
    before = tx.floor.contact(call.contact) if call.contact else None
    if before is not None and before.state is not ContactState.DONE and before.queue == node.queue:
        return []
    call.contact, call.waiting_since = tx.new_id(), tx.now
    tx.save(call)  # the orders that may follow at once look the call up by its contact
    queue = tree.queues[node.queue]
    contact = Contact(
        call.contact, node.queue, needed(node.needs, call.language), node.head_start_s, language=call.language,
        case_kind=node.kind, call=call.sid,
        relax=relaxing(queue, call.language), who=who_is(call), preferred=_preferred(tx, call, queue.prefer),
        closes_at=closes_at(tree, queue, tx.now),
    )  # fmt: skip
    effects = distributor.enter(tx.floor, contact, tx.now)
    tx.cases.keep_draft(contact.id, node.kind, known(call, tree), tx.now)
    # Should it overflow at once, the answer itself leads on; what follows for others is carried out.
    return [it for it in effects if not (isinstance(it, Overflowed) and it.contact.id == contact.id)]


def _preferred(tx: Tx, call: Call, prefer: str) -> str | None:
    """The representative who should be asked first about this caller; one who is not there is passed over at once."""
    who = who_is(call)
    if who is None or prefer == "nobody":
        return None
    name = tx.floor.talked_last_with(who) if prefer == "last_agent" else tx.cases.owner_for(call.caller)
    return name if name and tx.floor.agent(name) else None


def _keep_message(tx: Tx, call: Call, tree: Tree, heard: h.Recorded) -> None:
    """A message becomes a case; it is fetched when the carrier calls it ready, or a minute later all the same."""
    if isinstance(tree.nodes.get(call.node), SurveyNode):
        survey_later.keep_message(tx, call, heard.recording, heard.length_s, tx.now + CALLBACK_MAX)
    elif tx.messages.of_recording(heard.recording) is None:
        about = known(call, tree)
        _take_message(tx, call.sid, call, about, heard.recording, heard.length_s, tx.now + CALLBACK_MAX)


def _take_message(
    tx: Tx, sid: str, call: Call | None, about: dict[str, str], recording: str, length_s: int, try_at: datetime
) -> None:
    """Make a case of a message, with what was known from the call when it was left."""
    kind, caller = (call.case_kind, call.caller) if call else ("", None)
    case = tx.cases.log(kind or UNKNOWN_KIND, about, recording, "caller", tx.now, call=sid, caller=caller)
    tx.messages.add(Message(tx.new_id(), recording, sid, case.number, length_s, tx.now, try_at))
    tx.happened(sid, "left a message", case=case.number, length_s=length_s)
