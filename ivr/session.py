"""One step of a call: what was heard, at which node, and therefore what the carrier is to do next. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t

NODES_MAX = 50
"""Nodes a call may pass in one step without asking the caller anything: a loop in the tree ends here."""

YES, NO = "1", "2"
RECORD_TRIES = 2
"""Times a message is asked for before the call ends, with a word that nothing was left."""
SURVEY_TRIES = 2
"""Times a survey question is asked before the survey is thanked for and left: nobody is made to answer."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Instructions = list[i.Instruction]


def step(call: Call, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    """Move `call` by what was heard and say what the carrier does next; an empty list: nothing more is to be said.

    Raises IllegalTransition when the call cannot be where this could be heard, and changes nothing then.
    """
    match heard:
        case h.HungUp():
            return _end(call, now)
        case h.Rang():
            LIFECYCLE.fire(call, "answer")
            return _arrive(call, tree.start, tree, now)
        case h.LeftQueue(why="hangup"):
            return _end(call, now)
        case h.LeftQueue(why="redirected" | "redirected-from-bridged" | "bridged" | "bridging-in-process"):
            return []  # we moved the call ourselves: its new document is already under way
        case h.LeftQueue() | h.Overflowed():
            return _leave_queue(call, tree, now)
        case h.TalkEnded():
            return _after_the_talk(call, tree, now)
        case h.RepresentativeGone():
            return _back_to_the_queue(call, tree)
    node = tree.nodes[call.node]
    match node:
        case t.Menu():
            return _hear_menu(call, node, heard, tree, now)
        case t.Ask():
            return _hear_ask(call, node, heard, tree, now)
        case t.Record():
            return _hear_record(call, node, heard, tree, now)
        case t.SurveyNode():
            return _hear_survey(call, node, heard, tree, now)
        case t.QueueNode() if call.state is CallState.IN_MENU:
            return [i.Enqueue(node.queue)]
        case _:
            return _arrive(call, call.node, tree, now)


def ask_again(call: Call, tree: t.Tree, now: datetime) -> Instructions:
    """Say once more what the call is waiting for; moves nothing. For a request that fits no step of this call."""
    node = tree.nodes.get(call.node)
    if call.state is CallState.ENDED:
        return [i.Hangup()]
    if isinstance(node, t.Ask) and call.entry:
        return [_confirm(call)]
    if isinstance(node, t.SurveyNode):
        return [_question(call, tree.surveys[node.survey], [])]
    return _here(call, node, tree, now, []) if node else _arrive(call, tree.start, tree, now)


def wait(call: Call, tree: t.Tree, position: int, expected_min: int | None, now: datetime) -> Instructions:
    """What a waiting caller hears next: where they stand, when it is time to say so, and music.

    `position` counts from 1; `expected_min` is the expected wait in whole minutes, None when it has no basis.
    """
    node = tree.nodes[call.node]
    every_s = tree.queues[node.queue].announce_every_s if isinstance(node, t.QueueNode) else 0
    if call.announced_at and (now - call.announced_at).total_seconds() < every_s:
        return [i.Play("music")]
    language, news = call.language, f"{position} {expected_min}"
    unchanged = call.announced == news
    call.announced_at, call.announced = now, news
    if unchanged:
        return [i.Say(phrase.nobody_yet(language), language), i.Play("music")]
    said = [i.Say(phrase.position(position, language), language)]
    if expected_min is not None:
        said.append(i.Say(phrase.wait_minutes(expected_min, language), language))
    return [*said, i.Play("music")]


def _arrive(call: Call, name: str, tree: t.Tree, now: datetime, said: Instructions | None = None) -> Instructions:
    """Go to a node and on through those that ask nothing, up to one that waits for the caller."""
    said = list(said or [])
    for _ in range(NODES_MAX):
        node = tree.nodes[name]
        match node:
            case t.Say():
                said.append(_say(call, node.words, tree, now))
                name = node.goto
            case t.When():
                name = _way(node, tree, now)
            case t.Goto():
                name = node.goto
            case _:
                if call.node and call.node != name and isinstance(tree.nodes[call.node], t.Menu | t.Ask):
                    call.way_back.append(call.node)
                call.node, call.tries, call.entry = name, 0, ""
                return _here(call, node, tree, now, said)
    raise AssertionError(f"call {call.sid} passes more than {NODES_MAX} nodes from {call.node!r} without being asked")


def _here(call: Call, node: t.Node, tree: t.Tree, now: datetime, said: Instructions) -> Instructions:
    """What is said and asked on arriving at a node that waits for the caller."""
    match node:
        case t.Menu():
            return [i.Gather((*said, *_menu_prompts(call, node, tree, now)), 1, node.timeout_s, "")]
        case t.Ask():
            prompts = (*said, _say(call, node.words, tree, now))
            return [i.Gather(prompts, node.digits_max, node.timeout_s, "#")]
        case t.QueueNode():
            call.case_kind = node.kind
            words = [_say(call, node.words, tree, now)] if node.words else []
            return [*said, *words, i.Enqueue(node.queue)]
        case t.Record():
            call.case_kind = node.kind
            return [*said, _say(call, node.words, tree, now), i.Record(node.max_length_s)]
        case t.SurveyNode():
            call.question = 0
            survey = tree.surveys[node.survey]
            return [_question(call, survey, [*said, i.Say(survey.intro[call.language], call.language)])]
        case t.End():
            words = [_say(call, node.words, tree, now)] if node.words else []
            return [*said, *words, i.Hangup()]
    raise AssertionError(f"node {node.name!r} waits for nobody")


def _menu_prompts(call: Call, menu: t.Menu, tree: t.Tree, now: datetime) -> Instructions:
    prompts: Instructions = [_say(call, menu.words, tree, now)]
    for option in menu.options:
        if option.language == call.language:
            continue  # they hear it already
        if option.language:
            prompts.append(i.Say(phrase.language_switch(option.language, option.key), option.language))
        else:
            prompts.append(i.Say(phrase.option(option.label[call.language], option.key, call.language), call.language))
    if not call.hinted or call.tries:
        call.hinted = True
        keys = tree.conventions
        operator = keys.operator if _somebody_is_there(tree, now) else None
        prompts.append(i.Say(phrase.hints(operator, keys.back, keys.repeat, call.language), call.language))
    return prompts


def _somebody_is_there(tree: t.Tree, now: datetime) -> bool:
    """Whether the operator's key leads to a queue now, and not to a message because the office is closed."""
    name = "operator"
    for _ in range(NODES_MAX):
        match node := tree.nodes[name]:
            case t.When():
                name = _way(node, tree, now)
            case t.Say() | t.Goto():
                name = node.goto
            case _:
                break
    return isinstance(tree.nodes[name], t.QueueNode)


def _way(node: t.When, tree: t.Tree, now: datetime) -> str:
    """Where a When leads now."""
    holds = (rule.goto for rule in node.rules if tree.hours[rule.hours].is_open(now) is rule.is_open)
    return next(holds, node.otherwise)


def _hear_menu(call: Call, menu: t.Menu, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    if not isinstance(heard, h.Pressed):
        return _once_more(call, menu, phrase.silence(call.language, call.tries + 1), tree, now)
    key = heard.keys[:1]
    moved = _convention(call, key, tree, now)
    if moved is not None:
        return moved
    option = next((option for option in menu.options if option.key == key), None)
    if option is None:
        return _once_more(call, menu, phrase.wrong_key(call.language), tree, now)
    call.path.append((menu.name, key))
    if option.language:
        call.language, call.tries = option.language, 0
        return _here(call, menu, tree, now, [])
    return _arrive(call, option.goto, tree, now)


def _hear_ask(call: Call, ask: t.Ask, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    if call.entry:
        return _hear_confirm(call, ask, heard, tree, now)
    if not isinstance(heard, h.Pressed):
        return _once_more(call, ask, phrase.silence(call.language, call.tries + 1), tree, now)
    moved = _convention(call, heard.keys, tree, now)
    if moved is not None:
        return moved
    fits = heard.keys.isdecimal() and ask.digits_min <= len(heard.keys) <= ask.digits_max
    if not fits:
        hint = phrase.entry_length(ask.digits_min, ask.digits_max, call.language)
        return _once_more(call, ask, hint, tree, now)
    if not ask.confirm:
        return _typed(call, ask, heard.keys, tree, now)
    call.entry, call.tries = heard.keys, 0
    return [_confirm(call)]


def _hear_confirm(call: Call, ask: t.Ask, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    keys = heard.keys if isinstance(heard, h.Pressed) else ""
    if keys == YES:
        return _typed(call, ask, call.entry, tree, now)
    if keys in (NO, tree.conventions.back):
        call.entry, call.tries = "", 0
        return _here(call, ask, tree, now, [])
    if keys == tree.conventions.repeat:
        return [_confirm(call)]
    call.tries += 1
    if keys == tree.conventions.operator or call.tries >= ask.silence.tries:
        # What was entered stays: the representative sees it and nobody has to type it again.
        call.typed[ask.into] = call.entry
        return _to_a_person(call, ask.silence.then, tree, now)
    return [_confirm(call)]


def _typed(call: Call, ask: t.Ask, digits: str, tree: t.Tree, now: datetime) -> Instructions:
    call.typed[ask.into] = digits
    return _arrive(call, ask.then, tree, now)


def _hear_record(call: Call, node: t.Record, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    if isinstance(heard, h.Recorded) and heard.length_s > 0:
        call.outcome = Outcome.LEFT_A_MESSAGE
        return _arrive(call, node.then, tree, now)
    call.tries += 1
    if call.tries >= RECORD_TRIES:  # `then` would thank for a message that is not there
        return [i.Say(phrase.no_message(call.language), call.language), i.Hangup()]
    return _here(call, node, tree, now, [i.Say(phrase.nothing_heard(call.language), call.language)])


def _hear_survey(call: Call, node: t.SurveyNode, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
    survey = tree.surveys[node.survey]
    question = survey.questions[call.question]
    if isinstance(heard, h.Pressed) and heard.keys in question.keys:
        call.answers[question.name] = heard.keys
        call.question, call.tries = call.question + 1, 0
    else:
        call.tries += 1
        if call.tries < SURVEY_TRIES:
            first, last = question.keys[0], question.keys[-1]
            return [
                _question(call, survey, [i.Say(phrase.survey_wrong_key(first, last, call.language), call.language)])
            ]
        call.question = len(survey.questions)
    if call.question < len(survey.questions):
        return [_question(call, survey, [])]
    return _arrive(call, node.then, tree, now, [i.Say(survey.thanks[call.language], call.language)])


def _question(call: Call, survey: t.Survey, said: Instructions) -> i.Gather:
    question = survey.questions[min(call.question, len(survey.questions) - 1)]
    return i.Gather((*said, i.Say(question.words[call.language], call.language)), 1, 7, "")


def _confirm(call: Call) -> i.Gather:
    return i.Gather((i.Say(phrase.confirm_digits(call.entry, call.language), call.language),), 1, 7, "")


def _convention(call: Call, keys: str, tree: t.Tree, now: datetime) -> Instructions | None:
    """What the keys that mean the same everywhere do; None when this is none of them."""
    if keys == tree.conventions.operator:
        call.path.append((call.node, keys))
        return _to_a_person(call, "operator", tree, now)
    if keys == tree.conventions.repeat:
        return _here(call, tree.nodes[call.node], tree, now, [])
    if keys == tree.conventions.back:
        name = call.way_back.pop() if call.way_back else call.node
        call.node = name  # so that going back leaves no way "back" to where one came from
        return _arrive(call, name, tree, now)
    return None


def _once_more(call: Call, node: t.Menu | t.Ask, hint: str, tree: t.Tree, now: datetime) -> Instructions:
    call.tries += 1
    if call.tries >= node.silence.tries:
        return _to_a_person(call, node.silence.then, tree, now)
    return _here(call, node, tree, now, [i.Say(hint, call.language)])


def _to_a_person(call: Call, name: str, tree: t.Tree, now: datetime) -> Instructions:
    """Where somebody goes who wants a person or cannot press keys. "Please hold" only if there is one to hold for."""
    said = _arrive(call, name, tree, now)
    node = tree.nodes[call.node]
    if isinstance(node, t.QueueNode) and node.words is None:
        return [i.Say(phrase.please_hold(call.language), call.language), *said]
    return said


def _leave_queue(call: Call, tree: t.Tree, now: datetime) -> Instructions:
    node = tree.nodes[call.node]
    if call.state is CallState.WAITING:
        LIFECYCLE.fire(call, "return")
    if not isinstance(node, t.QueueNode):
        return ask_again(call, tree, now)
    call.outcome = Outcome.OVERFLOWED
    return _arrive(call, tree.queues[node.queue].overflow, tree, now)


def _after_the_talk(call: Call, tree: t.Tree, now: datetime) -> Instructions:
    LIFECYCLE.fire(call, "return")
    node = tree.nodes[call.node]
    if isinstance(node, t.QueueNode) and node.then:
        return _arrive(call, node.then, tree, now)
    return [i.Hangup()]


def _back_to_the_queue(call: Call, tree: t.Tree) -> Instructions:
    LIFECYCLE.fire(call, "return")
    call.outcome = None
    node = tree.nodes[call.node]
    assert isinstance(node, t.QueueNode), f"call {call.sid} talked at {call.node!r}, which is no queue"
    return [i.Say(phrase.please_hold(call.language), call.language), i.Enqueue(node.queue)]


def _end(call: Call, now: datetime) -> Instructions:
    if call.state is not CallState.ENDED:
        if call.outcome is None:
            waiting = call.state is CallState.WAITING
            call.outcome = Outcome.ABANDONED if waiting else Outcome.ENDED_IN_MENU
        LIFECYCLE.fire(call, "end")
        call.ended_at = now
    return []


def _say(call: Call, words: t.Words, tree: t.Tree, now: datetime) -> i.Say:
    """The words of the tree in the caller's language, their placeholders filled in."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == "next_opening":
            return _next_opening(call, tree, now)
        return phrase.digits_aloud(call.typed.get(name, ""), call.language)

    return i.Say(_PLACEHOLDER.sub(value, words[call.language]), call.language)


def _next_opening(call: Call, tree: t.Tree, now: datetime) -> str:
    """The next moment when any calendar of the hotline opens, in words."""
    openings = [(calendar.next_open(now), calendar) for calendar in tree.hours.values()]
    soonest = min(
        ((at, calendar) for at, calendar in openings if at is not None), key=lambda pair: pair[0], default=None
    )
    if soonest is None:
        return phrase.later(call.language)
    at, calendar = soonest
    return phrase.next_opening(at, now.astimezone(ZoneInfo(calendar.timezone)), call.language)
