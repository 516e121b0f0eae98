"""Ask: digits typed by the caller, read back if that is wanted, and kept - unless they are a secret."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.menu import tree as t
from ivr.session.condition import fits
from ivr.session.conventions import convention, nothing_came, nothing_fits
from ivr.session.turn import NO, YES, Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded


def arrive(turn: Turn, ask: t.Ask, said: Sequence[i.Instruction], in_full: bool = False) -> Instructions:
    """Ask, and wait for the digits."""
    met = turn.call.met
    again = ask.name in met and not in_full
    if ask.name not in met:
        met.append(ask.name)
    words = ask.short if again and ask.short else ask.words
    prompts = [*said, worded(turn, words, ask.barge_in)]
    if ask.digits_max == 1:
        return gather(prompts, 1, ask.timeout_s, ask.end_key or "")
    # The carrier knows one timeout, for the first key and for those that follow. A pause at the end of what is said
    # is the rest of the time for the first key: a key ends it.
    if ask.timeout_s > ask.inter_digit_s:
        prompts.append(i.Pause(ask.timeout_s - ask.inter_digit_s))
    return gather(prompts, ask.digits_max, ask.inter_digit_s, ask.end_key or "")


def hear(turn: Turn, ask: t.Ask, heard: h.Heard) -> Answer:
    """The digits, or a yes or no to those of before."""
    if turn.call.entry:
        return _hear_confirmation(turn, ask, heard)
    if not isinstance(heard, h.Pressed):
        said = nothing_came(turn, ask, phrase.silence(turn.call.language, turn.call.silences + 1))
        return said if isinstance(said, Go) else arrive(turn, ask, said)
    moved = convention(turn, heard.keys, lambda: arrive(turn, ask, (), in_full=True))
    if moved is not None:
        return moved
    if hint := _fault(turn, ask, heard.keys):
        said = nothing_fits(turn, ask, hint)
        return said if isinstance(said, Go) else arrive(turn, ask, said)
    if ask.confirm and not ask.secret:
        turn.call.entry, turn.call.silences, turn.call.wrong_keys = heard.keys, 0, 0
        return confirmation(turn, ask)
    return _typed(turn, ask, heard.keys)


def confirmation(turn: Turn, ask: t.Ask) -> Instructions:
    """Read back what was entered: yes 1, no 2."""
    return gather([turn.tell(phrase.confirm_digits(turn.call.entry, turn.call.language))], 1, ask.timeout_s)


def _fault(turn: Turn, ask: t.Ask, keys: str) -> str | None:
    """What is said of an entry that does not fit; None when it fits."""
    language = turn.call.language
    if not keys.isdecimal() or not ask.digits_min <= len(keys) <= ask.digits_max:
        return phrase.entry_length(ask.digits_min, ask.digits_max, language, ask.end_key)
    return phrase.entry_wrong(language) if ask.pattern and not fits(ask.pattern, keys) else None


def _hear_confirmation(turn: Turn, ask: t.Ask, heard: h.Heard) -> Answer:
    call = turn.call
    keys = heard.keys if isinstance(heard, h.Pressed) else ""
    if keys == YES:
        return _typed(turn, ask, call.entry)
    if keys and keys in (NO, turn.tree.conventions.back):
        call.entry, call.silences, call.wrong_keys = "", 0, 0
        return arrive(turn, ask, ())
    if keys and keys == turn.tree.conventions.repeat:
        return confirmation(turn, ask)
    wants_a_person = keys == turn.tree.conventions.operator
    said = nothing_fits(turn, ask, "") if keys else nothing_came(turn, ask, "")
    if wants_a_person or isinstance(said, Go):
        # What was entered stays: the representative sees it and nobody has to type it again.
        _keep(turn, ask, call.entry)
        return said if isinstance(said, Go) and not wants_a_person else Go(t.OPERATOR, person=True)
    return confirmation(turn, ask)


def _typed(turn: Turn, ask: t.Ask, digits: str) -> Go:
    turn.call.failures = 0
    _keep(turn, ask, digits)
    return Go(ask.then)


def _keep(turn: Turn, ask: t.Ask, digits: str) -> None:
    if ask.secret:
        turn.secrets[ask.into] = digits
        return
    turn.call.noted.pop(ask.into, None)
    turn.call.typed[ask.into] = digits
