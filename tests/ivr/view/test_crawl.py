"""Every way through a tree: what is proved holds for whoever plays, and what is said to go wrong does go wrong."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ivr import heard as h
from ivr import instruction as i
from ivr import session
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t
from ivr.menu.hotline import examine
from ivr.menu.words import Words
from ivr.session.turn import Turn
from ivr.session.wording import worded
from ivr.view.crawl.proof import Proof, prove
from ivr.view.crawl.start import Start, starts
from ivr.view.crawl.walk import Walk, walk
from ivr.view.crawl.ways import come_by, few, find_ways, replayed
from tests.ivr.any_tree import trees
from tests.ivr.menu.small import SMALL, changed, look

EVERY_KIND = Path(__file__).parent / "every_kind.yaml"
OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STATES_MAX = 1_500
STEPS_MAX = 60
AT_ONCE = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "phases": [Phase.explicit, Phase.generate],  # looking for a smaller tree with the same fault takes minutes
}
HELPED = (Outcome.SERVED, Outcome.LEFT_A_MESSAGE, Outcome.TRANSFERRED, Outcome.CALLED_BACK)
ANY_KEYS = [*"0123456789*#", "471", "4127", "1*", "305550123"]


def proved(tree: t.Tree, states_max: int = STATES_MAX) -> tuple[Walk, Proof]:
    walked = walk(tree, starts(tree, OPEN), states_max)
    return walked, prove(walked)


def every_kind() -> t.Tree:
    draft = examine({"hotline.yaml": EVERY_KIND.read_text("utf-8")}).draft
    assert draft
    return draft


def small(*changes: tuple[str, str]) -> t.Tree:
    text = SMALL
    for old, new in changes:
        text = changed(old, new, text)
    draft = look(text).draft
    assert draft
    return draft


# -- an oracle of its own: somebody plays, step by step, and looks only at what the carrier is told -------------------


class Player:
    """A call being played; `reached` tells whether the last step brought it to somebody, or to an honest notice."""

    def __init__(self, tree: t.Tree, start: Start, dice: random.Random) -> None:
        self.tree, self.dice, self.now = tree, dice, start.at
        self.call = Call(start.sid, tree.hotline, tree.version, start.caller, start.called, start.language, start.at)
        self.reached = self.told = False
        self.hear(h.Rang())

    @property
    def over(self) -> bool:
        return isinstance(self.last, i.Hangup)

    def hear(self, heard: h.Heard) -> None:
        at = self.call.node
        said = session.step(self.call, heard, self.tree, self.now)
        self.last = [it for it in said if not isinstance(it, i.Errand)][-1]
        somebody = any(isinstance(it, i.Enqueue | i.Dial | i.Record | i.CallBack) for it in said)
        notice = worded(Turn(self.call, self.tree, self.now), Words({self.call.language: "{next_opening}"}))
        spoken = [part for it in said for part in (it.prompts if isinstance(it, i.Gather) else [it])]
        told = any(isinstance(it, i.Say) and notice.text in it.text for it in spoken)
        self.told = self.told or told
        self.reached = somebody or told or self.call.outcome in HELPED
        self.asked = isinstance(self.tree.nodes.get(at), t.Menu | t.Ask | t.Callback)

    def anything(self) -> h.Heard:
        """Something that may happen now, whatever it is."""
        match self.last:
            case i.Enqueue(queue):
                exits = [h.LeftByKey(it.key) for it in self.tree.queues[queue].exits]
                return self._waited(self.dice.choice([h.Overflowed("too long"), h.TalkEnded(), *exits]))
            case i.Record():
                return self.dice.choice([h.Recorded("RE" + "0" * 32, 5), h.Silence()])
            case i.Dial():
                return h.Dialled(self.dice.random() < 0.5)
            case i.GoOn(door="looked-up"):
                return h.LookedUp(self.dice.choice([None, {}, {"seen": "yes"}]))
            case i.GoOn():
                return h.WentOn()
        return self.dice.choice([h.Silence(), *map(h.Pressed, ANY_KEYS)])

    def nothing(self) -> h.Heard:
        """Nothing is done, or nothing that fits, and nobody answers."""
        match self.last:
            case i.Enqueue():
                return self._waited(h.Overflowed("nobody there"))
            case i.Dial():
                return h.Dialled(talked=False)
            case i.GoOn(door="looked-up"):
                return h.LookedUp(None)
            case i.GoOn():
                return h.WentOn()
        node = self.tree.nodes[self.call.node]
        if isinstance(node, t.Menu):
            keys = self.tree.conventions
            mean = {it.key for it in node.options} | {keys.operator, keys.back, keys.repeat, keys.end}
            wrong = [h.Pressed(key) for key in "0123456789*#" if key not in mean]
            return self.dice.choice([h.Silence(), *wrong])
        return h.Silence()

    def _waited(self, heard: h.Heard) -> h.Heard:
        if self.call.state is CallState.IN_MENU:
            LIFECYCLE.fire(self.call, "wait")
            self.call.outcome = None
        if isinstance(heard, h.TalkEnded):
            LIFECYCLE.fire(self.call, "connect")
            self.call.outcome = Outcome.SERVED
        return heard


def play_and_then_do_nothing(tree: t.Tree, start: Start, dice: random.Random, most: int) -> str | None:
    """Play at random for a while, then do nothing; what goes wrong then, within so many steps."""
    player = Player(tree, start, dice)
    for _ in range(dice.randrange(12)):
        if player.over:
            return None
        player.hear(player.anything())
    if player.over or player.call.outcome in HELPED:
        return None
    for _ in range(most):
        player.hear(player.nothing())
        if player.reached:
            return None
        if player.over:
            left = isinstance(tree.nodes[player.call.node], t.Record)
            return "hung up on" if player.asked and not (left or player.told) else None
    return "nobody in so many steps"


def harsh(tree: t.Tree) -> t.Tree:
    """The same tree, in which whoever is silent is bidden goodbye."""
    nodes = {
        name: replace(node, silence=replace(node.silence, then="goodbye")) if isinstance(node, t.Menu | t.Ask) else node
        for name, node in tree.nodes.items()
    }
    return replace(tree, nodes=nodes)


def agrees(tree: t.Tree, seed: int) -> None:
    """What the proof says of a tree is what befalls those who play."""
    walked, proof = proved(tree)
    begins = list(starts(tree, OPEN))
    dice = random.Random(seed)  # noqa: S311 - a game that can be repeated
    fails = [play_and_then_do_nothing(tree, dice.choice(begins), dice, proof.slowest) for _ in range(40)]
    if walked.whole and not proof.dead_ends:
        assert not any(fails), fails
    for end in proof.dead_ends:
        assert end.trouble == "hung_up", end
        player = Player(tree, end.start, dice)
        for heard in end.heard:
            assert not player.over
            player.hear(player._waited(heard) if isinstance(player.last, i.Enqueue) else heard)
        assert player.over
        assert player.asked
        assert not player.reached


@settings(max_examples=60, **AT_ONCE)
@given(trees() | trees().map(harsh), st.integers(0, 2**32))
def test_what_is_proved_of_any_tree_is_what_befalls_those_who_play_it(tree, seed):
    agrees(tree, seed)


@pytest.mark.deep
@settings(max_examples=600, **AT_ONCE)
@given(trees() | trees().map(harsh), st.integers(0, 2**32))
def test_what_is_proved_of_many_trees_is_what_befalls_those_who_play_them(tree, seed):
    agrees(tree, seed)


# -- trees with a known answer ----------------------------------------------------------------------------------------


def test_a_small_hotline_lets_nobody_down() -> None:
    walked, proof = proved(small())
    assert walked.whole
    assert proof.dead_ends == ()
    assert proof.slowest == 3  # the first two failures are of two kinds, so that the third one gives up
    assert proof.longest == 1


@pytest.mark.parametrize(("tries", "slowest"), [(1, 1), (3, 5), (4, 6)])
def test_the_bound_counts_every_try_and_knows_that_six_failures_are_enough(tries: int, slowest: int) -> None:
    _, proof = proved(small(("    menu: Welcome.\n", f"    menu: Welcome.\n    silence: {{tries: {tries}}}\n")))
    assert proof.slowest == slowest


def test_a_hang_up_on_silence_is_found_by_the_shortest_way() -> None:
    _, proof = proved(small(("    menu: Welcome.\n", "    menu: Welcome.\n    silence: {tries: 2, then: goodbye}\n")))
    assert [(it.trouble, it.node, it.heard) for it in proof.dead_ends] == [
        ("hung_up", "welcome", (h.Silence(), h.Silence()))
    ]


def test_whoever_was_told_when_somebody_is_there_again_may_be_bidden_goodbye() -> None:
    hours = "hours:\n  office: {timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}}\n"
    notice = ("    menu: Welcome.\n", '    menu: "Back {next_opening}."\n    silence: {tries: 2, then: goodbye}\n')
    _, proof = proved(small(notice, ("queues:\n", f"{hours}queues:\n")))
    assert proof.dead_ends == ()


def test_an_end_without_a_word_is_found() -> None:
    tree = small()
    welcome = tree.nodes["welcome"]
    assert isinstance(welcome, t.Menu)
    option = replace(welcome.options[0], goto="silent")
    nodes = {**tree.nodes, "silent": t.End("silent"), "welcome": replace(welcome, options=(option,))}
    _, proof = proved(replace(tree, nodes=nodes))
    assert [(it.trouble, it.node, it.heard) for it in proof.dead_ends] == [("no_words", "welcome", (h.Pressed("1"),))]


def test_a_trap_is_found_although_the_engine_tries_to_cut_it_short() -> None:
    """Nobody is anywhere in this tree, so there is no nearest person to be sent to."""
    tree = small(
        ("  operator:\n    queue: service\n    kind: question\n", "  operator: {goto: welcome}\n"),
        (
            "  message:\n    record: Please speak.\n    kind: question\n    then: goodbye\n",
            "  message: {goto: welcome}\n",
        ),
        ("  goodbye:\n    end: Goodbye.\n", "  goodbye: {goto: welcome}\n"),
    )
    _, proof = proved(tree)
    assert {it.trouble for it in proof.dead_ends} == {"round", "nowhere"}


def test_what_was_not_looked_at_is_said() -> None:
    walked, _ = proved(every_kind(), 3)
    assert not walked.whole
    assert {"message", "line", "pin"} <= set(walked.unseen)


def test_few_ways_come_by_everything_that_can_happen() -> None:
    tree = every_kind()
    ways = find_ways(tree, OPEN, 500)
    kept = few(tree, ways.paths.values(), ways.points)
    met = frozenset().union(*(come_by(tree, path) for path in kept))
    assert set(ways.paths) <= met
    assert len(kept) < len(ways.paths)


def test_the_same_tree_is_walked_the_same_way() -> None:
    one, other = find_ways(every_kind(), OPEN, 500), find_ways(every_kind(), OPEN, 500)
    assert one.paths == other.paths
    assert list(one.walk.states) == list(other.walk.states)


@settings(max_examples=15, **AT_ONCE)
@given(trees())
def test_each_way_comes_by_what_it_is_there_for(tree):
    ways = find_ways(tree, OPEN, 300)
    for point, path in ways.paths.items():
        assert point in come_by(tree, path)
        assert not any(isinstance(it.said[-1], i.Hangup) for it in replayed(tree, path)[:-1])
