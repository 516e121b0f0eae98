"""Walk: every state that a call can come to in a tree and what leads from each to the next, taken by the real session.

Calls that can only fare alike from here on are one state: the same step, the same tries so far, the same answer to
everything that the tree asks in a `when`, the same last step to go back to. The hours stand still during a call.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ivr import heard as h
from ivr import instruction as i
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t
from ivr.menu.words import Words
from ivr.session import condition
from ivr.session.conventions import FAILURES_MAX
from ivr.session.turn import Turn
from ivr.session.wording import placeholders, worded
from ivr.view.cover.point import Point
from ivr.view.cover.reached import Stepped, copied, reached, stepped
from ivr.view.crawl.inputs import inputs
from ivr.view.crawl.start import Start, conditions, minds_language

STATES_MAX = 20_000
"""States that are looked at unless more are asked for."""

FAILURES_ALIKE = max(most for most, _ in FAILURES_MAX)
"""After so many failures in a row one more makes no difference."""

SERVED = frozenset({Outcome.SERVED, Outcome.LEFT_A_MESSAGE, Outcome.TRANSFERRED, Outcome.CALLED_BACK})

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """What happens when something is heard in a state: where that leads (None: the call is over), in how many words.

    `reaches`: a person is rung or waited for, a message can be left, a call back is promised, or it is said when
    somebody is there again. `said`: anything was said. `failed`: the caller did nothing, or nothing that fits.
    `broken`: what is wrong when the session itself cannot go on.
    """

    heard: h.Heard
    to: Key | None
    reaches: bool
    said: bool
    failed: bool
    broken: str = ""


@dataclass(slots=True)
class State:
    """Where a call can stand: one such call, what it was told last, and how it came here (None: it was the start)."""

    call: Call
    start: Start
    last: i.Instruction
    came: tuple[Key, h.Heard] | None
    depth: int
    edges: list[Edge] = field(default_factory=list)
    looked: bool = False  # whether its edges are all there

    @property
    def served(self) -> bool:
        """Whether the caller has been helped before: talked, left a message, or was promised a call."""
        return self.call.outcome in SERVED


@dataclass(slots=True)
class Walk:
    """All that was seen. `first`: for each point the start and what was heard on the shortest way by it."""

    tree: t.Tree
    states: dict[Key, State] = field(default_factory=dict)
    beginnings: list[tuple[Start, Edge]] = field(default_factory=list)
    first: dict[Point, tuple[Start, tuple[h.Heard, ...]]] = field(default_factory=dict)
    steps: int = 0
    whole: bool = True

    def way_to(self, key: Key) -> tuple[Start, tuple[h.Heard, ...]]:
        """The start and what was heard on the way to a state."""
        heard: list[h.Heard] = []
        state = self.states[key]
        while state.came is not None:
            before, what = state.came
            heard.append(what)
            state = self.states[before]
        return state.start, tuple(reversed(heard))

    @property
    def unseen(self) -> list[str]:
        """The steps of the tree at which no call that was looked at has stood, or could go on from."""
        seen = {name for state in self.states.values() if state.looked for name in [state.call.node]}
        asking = (t.Menu, t.Ask, t.Record, t.SurveyNode, t.Callback, t.Transfer, t.Lookup, t.QueueNode)
        return [name for name, node in self.tree.nodes.items() if isinstance(node, asking) and name not in seen]


def walk(
    tree: t.Tree,
    starts: Iterable[Start],
    states_max: int = STATES_MAX,
    enough: Callable[[Walk], bool] = lambda walk: False,
    *,
    languages_apart: bool = False,
) -> Walk:
    """Look at every state from `starts` on, nearest first, up to so many; `enough` ends it early.

    Calls in different languages are different states only if the tree asks for the language, or `languages_apart`.
    """
    return _Walker(tree, states_max, languages_apart).walk(starts, enough)


class _Walker:
    """The state space as far as it is known, and what is still to be looked at."""

    def __init__(self, tree: t.Tree, states_max: int, languages_apart: bool) -> None:
        self.found, self.tree, self.states_max = Walk(tree), tree, states_max
        self.asked = conditions(tree)
        self.minds_language = languages_apart or minds_language(tree)
        self.variables = [it for it in self.asked if isinstance(it, t.VariableIs)]
        urls = [node.url for node in tree.nodes.values() if isinstance(node, t.Lookup)]
        self.looked_up = sorted({name for url in urls for name in placeholders(url)})
        self.to_see: deque[Key] = deque()

    def walk(self, starts: Iterable[Start], enough: Callable[[Walk], bool]) -> Walk:
        for start in starts:
            self._begin(start)
        while self.to_see:
            if enough(self.found):
                return self.found
            if len(self.found.states) >= self.states_max:
                self.found.whole = False
                return self.found
            key = self.to_see.popleft()
            state = self.found.states[key]
            for heard in inputs(self.tree, self.asked, state.call, state.last):
                state.edges.append(self._take(key, state, heard))
            state.looked = True
        return self.found

    def _begin(self, start: Start) -> None:
        call = start.call(self.tree)
        edge = self._edge(call, h.Rang(), start, None, 0)
        self.found.beginnings.append((start, edge))

    def _take(self, key: Key, state: State, heard: h.Heard) -> Edge:
        call = copied(state.call)
        prepare(call, heard, state.start.at)
        return self._edge(call, heard, state.start, key, state.depth + 1)

    def _edge(self, call: Call, heard: h.Heard, start: Start, key: Key | None, depth: int) -> Edge:
        self.found.steps += 1
        failures = call.failures
        try:
            it = stepped(call, heard, self.tree, start.at)
        except (AssertionError, LookupError, RecursionError, ValueError) as error:
            return Edge(heard, None, False, False, True, str(error) or type(error).__name__)
        for point in reached(self.tree, it):
            if point not in self.found.first:
                before = self.found.way_to(key)[1] if key is not None else ()
                self.found.first[point] = (start, (*before, heard) if key is not None else ())
        failed = call.failures > failures or isinstance(heard, h.Silence)
        to = self._arrive(call, it, start, (key, heard) if key is not None else None, depth)
        return Edge(heard, to, reaches(self.tree, it), says(it), failed)

    def _arrive(
        self, call: Call, it: Stepped, start: Start, came: tuple[Key, h.Heard] | None, depth: int
    ) -> Key | None:
        last = last_of(it)
        if isinstance(last, i.Hangup):
            return None
        key = self._key(call, last, start)
        if key not in self.found.states:
            call.path = []  # what is kept of so many calls is kept small
            self.found.states[key] = State(call, start, last, came, depth)
            self.to_see.append(key)
        return key

    def _key(self, call: Call, last: i.Instruction, start: Start) -> Key:
        turn = Turn(call, self.tree, start.at)
        known = tuple(condition.holds(it, turn) for it in self.variables)
        there = tuple(bool(turn.value(name)) for name in self.looked_up)
        failures = min(call.failures, FAILURES_ALIKE)
        counts = (call.silences, call.wrong_keys, failures, call.question, bool(call.entry), call.consent)
        waits = (type(last).__name__, getattr(last, "door", ""))
        back = call.way_back[-1] if call.way_back else ""
        language = call.language if self.minds_language else ""
        return call.node, waits, counts, back, known, there, start.same, language, call.outcome in SERVED


def prepare(call: Call, heard: h.Heard, now: datetime) -> None:
    """Let become of a call what the switchboard makes of it before this can be heard: it waits, it talks."""
    if not isinstance(heard, h.TalkEnded | h.Overflowed | h.LeftByKey):
        return
    if call.state is CallState.IN_MENU:
        LIFECYCLE.fire(call, "wait")
        call.outcome = None
    if isinstance(heard, h.TalkEnded):
        LIFECYCLE.fire(call, "connect")
        call.outcome, call.connected_at = Outcome.SERVED, now


def last_of(it: Stepped) -> i.Instruction:
    """What the carrier was told last, errands left out."""
    return next((said for said in reversed(it.said) if not isinstance(said, i.Errand)), i.Hangup())


def reaches(tree: t.Tree, it: Stepped) -> bool:
    """Whether a step brings the caller to a person, a message, a promise, or to hear when somebody is there again."""
    if any(isinstance(said, i.Enqueue | i.Dial | i.Record | i.CallBack) for said in it.said):
        return True
    at = it.way or (it.after.node,)
    return any(tells_the_next_opening(tree.nodes[name], it.after.language) for name in at) and _told_the_next_opening(
        tree, it
    )


def _told_the_next_opening(tree: t.Tree, it: Stepped) -> bool:
    """Whether it is really said: a menu that is heard again may have shorter words."""
    language = it.after.language
    notice = worded(Turn(it.after, tree, it.now), Words({language: "{next_opening}"}))
    parts = [part for said in it.said for part in (said.prompts if isinstance(said, i.Gather) else (said,))]
    spoken = [part.say if isinstance(part, i.PlayRecording) else part for part in parts]
    return any(isinstance(part, i.Say) and notice.text in part.text for part in spoken)


def tells_the_next_opening(node: t.Node, language: str) -> bool:
    """Whether a step's words in a language are an honest notice: when somebody is there again."""
    words = getattr(node, "words", None)
    return words is not None and any("next_opening" in placeholders(text) for text in words.every_text(language))


def says(it: Stepped) -> bool:
    """Whether a caller hears anything in a step."""
    return any(isinstance(said, i.Say | i.PlayRecording | i.Gather) for said in it.said)
