"""Menu: its words and options said, and the key - or the word - that chooses one."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.menu import tree as t
from ivr.session.conventions import convention, nothing_came, nothing_fits, pressed, somebody_is_there
from ivr.session.speech import expected, meant
from ivr.session.turn import Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded


def arrive(turn: Turn, menu: t.Menu, said: Sequence[i.Instruction], in_full: bool = False) -> Instructions:
    """Say the menu and wait for a key; shorter when it has been heard before, unless `in_full`."""
    call = turn.call
    again = menu.name in call.met and not in_full
    if menu.name not in call.met:
        call.met.append(menu.name)
    words = menu.short if again and menu.short else menu.words
    prompts = [*said, worded(turn, words, menu.barge_in), *_options(turn, menu)]
    if not call.hinted or call.silences or call.wrong_keys:
        call.hinted = True
        keys = turn.tree.conventions
        operator = keys.operator if somebody_is_there(turn) else None
        hints = phrase.hints(operator, keys.back, keys.repeat, call.language, keys.end)
        prompts.append(i.Say(hints, call.language, menu.barge_in))
    speech = {"speech": True, "hints": expected(menu, call.language), "language": call.language} if menu.speech else {}
    return gather(prompts, 1, menu.timeout_s, **speech)


def hear(turn: Turn, menu: t.Menu, heard: h.Heard) -> Answer:
    """A key, a word, or nothing."""
    call = turn.call
    option = None
    if isinstance(heard, h.Pressed):
        key = heard.keys[:1]
        if (moved := convention(turn, key, lambda: arrive(turn, menu, (), in_full=True))) is not None:
            return moved
        option = next((option for option in menu.options if option.key == key), None)
    elif isinstance(heard, h.Spoke) and menu.speech:
        if phrase.wants_a_person(heard.words, call.language):
            pressed(turn, turn.tree.conventions.operator)
            return Go(t.OPERATOR, person=True)
        option = meant(menu, heard.words, call.language)
    if option is None:
        return _once_more(turn, menu, heard)
    pressed(turn, option.key)
    if option.language:
        call.language, call.silences, call.wrong_keys = option.language, 0, 0
        return arrive(turn, menu, (), in_full=True)
    return Go(option.goto)


def _once_more(turn: Turn, menu: t.Menu, heard: h.Heard) -> Answer:
    language = turn.call.language
    match heard:
        case h.Pressed():
            said = nothing_fits(turn, menu, phrase.wrong_key(language))
        case h.Spoke():
            said = nothing_fits(turn, menu, phrase.not_understood(language))
        case _:
            said = nothing_came(turn, menu, phrase.silence(language, turn.call.silences + 1))
    return said if isinstance(said, Go) else arrive(turn, menu, said)


def _options(turn: Turn, menu: t.Menu) -> list[i.Prompt]:
    """One sentence an option; the language the caller hears already is left out."""
    call, pause_ms = turn.call, menu.pause_between_ms
    prompts: list[i.Prompt] = []
    for option in menu.options:
        if option.language == call.language:
            continue
        if option.language:
            sentence = phrase.language_switch(option.language, option.key)
            prompts.append(i.Say(sentence, option.language, menu.barge_in, pause_ms))
            continue
        prompts.append(sentence_of(turn, option, menu.barge_in, pause_ms))
    return prompts


def sentence_of(turn: Turn, option: t.Option, barge_in: bool = True, pause_ms: int = 0) -> i.Say | i.PlayRecording:
    """ "For a complaint, press 2."; where the label has a recording, that is the whole sentence."""
    language = turn.call.language
    label = worded(turn, option.label)
    text = label.say.text if isinstance(label, i.PlayRecording) else label.text
    said = i.Say(phrase.option(text, option.key, language), language, barge_in, pause_ms)
    return i.PlayRecording(label.file, said) if isinstance(label, i.PlayRecording) else said
