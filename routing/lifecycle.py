"""Lifecycle: the table of legal moves of one kind of thing, and the one error for every other move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from transitions import Event, Machine, Transition

Row = tuple[str, Any, Any]
"""(verb, from or [from, ...], to), the states being members of one Enum."""


class IllegalTransition(ValueError):
    """A move that the table does not have; the message says what would have been legal."""


class StraightEvent(Event):
    """A verb whose arrows ask nothing and call nobody on the way, so that moving is one look into a table.

    The stock event, which looks for hooks before, between and after, takes fifty times as long and does the same.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name, machine)
        self.arrows: dict[Any, Enum] = {}

    def add_transition(self, transition: Transition) -> None:
        super().add_transition(transition)
        states = self.machine.states
        self.arrows[states[transition.source].value] = states[transition.dest].value

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Move `model`; from a state without an arrow, as the stock event does."""
        to = self.arrows.get(model.state)
        if to is None:
            return super().trigger(model, *args, **kwargs)
        model.state = to
        return True


class StraightMachine(Machine):
    """A machine of such verbs: its arrows and states have no hooks."""

    event_cls = StraightEvent


class Lifecycle:
    """Moves things along a table of `(verb, from, to)`.

    A thing is any object with a writable `state` and an id (see `name_of`); dataclasses with slots will do, and so will
    one whose state was just read from a database as plain text. The lifecycle holds none of them.
    """

    def __init__(self, thing_name: str, states: type[Enum], rows: Iterable[Row]) -> None:
        self.thing_name = thing_name
        self.states = states
        self.table: tuple[tuple[str, Enum, Enum], ...] = tuple(
            (verb, source, to)
            for verb, sources, to in rows
            for source in (sources if isinstance(sources, Sequence) and not isinstance(sources, str) else [sources])
        )
        # One machine without models: `add_model` would keep every thing alive, reset its state and reject slots.
        self._machine = StraightMachine(model=None, states=states, initial=None, auto_transitions=False)
        self._legal: dict[Enum, list[str]] = {state: [] for state in states}
        for verb, source, to in self.table:
            if verb in self._legal[source]:
                raise ValueError(f"{thing_name}: {verb!r} leads from {words(source)} to two states (one is right)")
            self._machine.add_transition(verb, source, to)
            self._legal[source].append(verb)

    def legal(self, state: Enum | str) -> tuple[str, ...]:
        """The verbs that may be fired in `state`, in the table's order."""
        return tuple(self._legal[self.states(state)])

    def fire(self, thing: Any, verb: str) -> None:
        """Move `thing.state` by `verb`; IllegalTransition, and nothing changed, if the table has no such move."""
        event = self._machine.events.get(verb)
        if event is None or thing.state not in event.arrows:
            state = self.states(thing.state)
            if verb not in self._legal[state]:
                can = ", ".join(self._legal[state]) or "nothing: it is over"
                said = f"{self.thing_name} {name_of(thing)} is {words(state)}: cannot {verb} (can {can})"
                raise IllegalTransition(said)
            thing.state = state  # it was its value, as a database has it
        event.trigger(thing)


def words(state: Enum) -> str:
    """A state as people read it: `wrap_up` is "wrap up"."""
    return str(state.value).replace("_", " ")


def name_of(thing: Any) -> str:
    """What a thing is called in messages: its `id`, `sid`, `name` or `number`."""
    return next((str(getattr(thing, key)) for key in ("id", "sid", "name", "number") if hasattr(thing, key)), "?")
