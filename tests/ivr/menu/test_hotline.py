"""A folder of files becomes one tree, or every fault in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import phrase
from ivr.menu.fault import FAULTS_MAX, MenuError
from ivr.menu.hotline import (
    FILES_MAX,
    HOTLINE_BYTES_MAX,
    digest,
    examine,
    examine_folder,
    files_in,
    hotline_folders,
    read_files,
    read_hotline,
)
from ivr.menu.language.leaf import LANGUAGES_SPOKEN
from ivr.menu.tree import Ask, Menu, QueueNode, Retry, Tree
from ivr.menu.ways import ways_out
from tests.ivr.menu.small import SMALL, changed, codes, look

ACME = Path(__file__).parents[3] / "menus" / "acme"


def small() -> Tree:
    tree = look(SMALL).tree
    assert tree
    return tree


def test_a_small_hotline_is_read_with_its_defaults() -> None:
    tree = small()
    welcome, operator = tree.nodes["welcome"], tree.nodes["operator"]
    assert isinstance(welcome, Menu)
    assert isinstance(operator, QueueNode)
    assert welcome.silence == Retry(2, "operator")
    assert tree.numbers == {"+18005550142": "en"}
    assert (tree.conventions.operator, tree.conventions.back, tree.conventions.repeat) == ("0", "*", "#")
    assert (operator.then, operator.words, operator.head_start_s, dict(operator.needs)) == (None, None, 0, {})
    assert tree.queues["service"].queue.max_wait_s == 600
    assert tree.fallback_number is None


def test_the_languages_a_hotline_may_have_are_those_the_engine_has_sentences_in() -> None:
    assert LANGUAGES_SPOKEN == phrase.LANGUAGES


def test_it_does_not_matter_how_a_hotline_is_split_into_files() -> None:
    head, nodes = SMALL.split("nodes:\n")
    nodes, queues = nodes.split("queues:\n")
    one, many = small(), look(head, "nodes:\n" + nodes, "queues:\n" + queues).tree
    assert many
    assert set(one.nodes) == set(many.nodes)
    assert one.version != many.version


def test_a_section_may_be_spread_over_files() -> None:
    extra = "nodes:\n  goodbye_too: {goto: goodbye}\n"
    examined = look(changed("then: goodbye", "then: goodbye_too"), extra)
    assert examined.tree
    assert not examined.faults


def test_the_same_node_in_two_files_is_a_fault_that_names_both_places() -> None:
    (fault,) = look(SMALL, "nodes:\n  goodbye: {end: Bye.}\n").faults
    assert str(fault.place) == "2.yaml:2:3"
    assert "1.yaml:17" in fault.message


def test_the_same_entry_in_two_files_is_a_fault() -> None:
    assert codes(SMALL, "start: goodbye\n") == ["Y004"]


def test_the_version_changes_with_names_and_contents_and_with_nothing_else() -> None:
    assert small().version == small().version
    assert examine({"1.yaml": SMALL.encode()}).tree == examine({"1.yaml": SMALL}).tree
    versions = {
        read_files(files).version
        for files in ({"a.yaml": SMALL}, {"b.yaml": SMALL}, {"a.yaml": SMALL + "#"}, {"a.yaml": SMALL, "b.yaml": ""})
    }
    assert len(versions) == 4


def test_a_name_and_a_content_cannot_run_into_each_other() -> None:
    assert digest({"a": "bc"}) != digest({"ab": "c"})


def test_a_hotline_without_a_menu_needs_no_way_to_its_operator() -> None:
    text = changed("start: welcome", "start: message")
    welcome = text[text.index("  welcome:") : text.index("  operator:")]
    examined = look(changed(welcome, "", text))
    assert examined.tree
    assert not examined.faults


def test_a_tree_read_from_stored_files_is_the_tree_of_the_folder() -> None:
    assert read_files(files_in(ACME)).version == read_hotline(ACME).version


def test_all_faults_are_told_at_once_and_in_order() -> None:
    text = changed("goto: operator", "goto: operater")
    text = changed("overflow: message", "overflow: massage, ring_s: 1000", text)
    text = changed("+1 800", "800", text)
    assert codes(text) == ["N601", "S101", "S101", "Y019"]


def test_a_file_that_cannot_be_read_hides_no_faults_in_the_others_and_makes_up_none() -> None:
    nodes = "nodes:\n  welcome:\n    menu: Welcome.\n    promt: x\n    options: {}\n"
    found = codes("hotline: x\nlanguages: [en]\n", nodes, "queues: [")
    assert sorted(found) == ["S122", "Y006", "Y008"]


def test_a_warning_keeps_no_hotline_from_being_used() -> None:
    examined = look(changed("  goodbye:", "  old: {goto: goodbye}\n  goodbye:"))
    assert examined.tree
    assert [fault.severity for fault in examined.faults] == ["warning"]


def test_an_error_raises_with_all_faults() -> None:
    with pytest.raises(MenuError) as raised:
        read_files({"a.yaml": changed("goto: operator", "goto: nobody")})
    assert [fault.code for fault in raised.value.faults] == ["S101"]
    assert isinstance(raised.value, ValueError)


def test_no_files_and_too_many_files_are_faults() -> None:
    assert [fault.code for fault in examine({}).faults] == ["Y021"]
    assert [fault.code for fault in examine({f"{n}.yaml": "" for n in range(FILES_MAX + 1)}).faults] == ["Y021"]
    big = {f"{n}.yaml": "#" * (HOTLINE_BYTES_MAX // 4) for n in range(5)}
    assert [fault.code for fault in examine(big).faults] == ["Y014"]


def test_a_thousand_faults_are_told_as_a_hundred() -> None:
    nodes = "".join(f"  n{number}: {{goto: nowhere{number}}}\n" for number in range(4000))
    examined = look(changed("nodes:\n", "nodes:\n" + nodes))
    assert examined.tree is None
    assert len(examined.faults) == FAULTS_MAX


def test_a_very_large_tree_is_checked_in_little_time() -> None:
    chain = "".join(f"  n{number}: {{goto: n{number + 1}}}\n" for number in range(4000))
    text = changed("start: welcome", "start: n0", changed("nodes:\n", f"nodes:\n{chain}  n4000: {{goto: welcome}}\n"))
    assert look(text).tree
    assert codes(changed("{goto: n4000}", "{goto: n0}", text)) == ["S111"]


def test_a_loop_in_which_somebody_is_asked_is_fine() -> None:
    assert not codes(changed('"1": {label: a question, goto: operator}', '"1": {label: the menu, goto: welcome}'))


def test_a_loop_and_the_way_into_it_are_told() -> None:
    # At a menu 0 always leads out; so callers can only be trapped where nobody asks them anything.
    loop = "  garden: {goto: door}\n  door: {goto: hall}\n  hall: {goto: door}\n"
    examined = look(changed("goto: operator}", "goto: garden}", changed("nodes:\n", "nodes:\n" + loop)))
    assert [(fault.place.line, fault.code) for fault in examined.faults] == [(6, "S103"), (7, "S111")]


def test_a_spread_out_text_is_said_as_one() -> None:
    tree = look(changed("menu: Welcome.", "menu: >\n      Welcome\n      to us.\n")).tree
    assert tree
    welcome = tree.nodes["welcome"]
    assert isinstance(welcome, Menu)
    assert welcome.words["en"] == "Welcome to us."


def test_digits_may_be_a_number_or_a_range() -> None:
    for digits, expected in (("6", (6, 6)), ("6..10", (6, 10)), ("20", (20, 20))):
        ask = f"  number: {{ask: Number?, into: number, digits: {digits}, then: operator}}\n"
        tree = look(changed("goto: operator}", "goto: number}", changed("nodes:\n", "nodes:\n" + ask))).tree
        assert tree
        number = tree.nodes["number"]
        assert isinstance(number, Ask)
        assert (number.digits_min, number.digits_max) == expected


def test_what_callers_typed_may_be_said() -> None:
    ask = "  number: {ask: Number?, into: order_number, digits: 6, then: echo}\n"
    ask += "  echo: {say: '{order_number}', goto: operator}\n"
    assert not codes(changed("nodes:\n", "nodes:\n" + ask, changed("goto: operator}", "goto: number}")))


def test_hotlines_are_found_in_a_folder_or_in_the_folders_in_it() -> None:
    assert hotline_folders(ACME) == [ACME]
    assert ACME in hotline_folders(ACME.parent)
    assert hotline_folders(ACME.parent.parent / "routing") == []


def test_faults_name_files_as_the_author_sees_them(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "tree.yaml").write_text("a: [", encoding="utf-8")
    (fault,) = examine_folder(tmp_path).faults
    assert fault.place.file == f"{tmp_path.as_posix()}/deeper/tree.yaml"


def promises_kept(tree: Tree) -> None:
    """Whatever was read, nobody is led to nowhere, and everything is said in every language."""
    for node in tree.nodes.values():
        assert all(target in tree.nodes for target in ways_out(tree, node))
        words = getattr(node, "words", None)
        assert words is None or set(words) == set(tree.languages)
    assert tree.start in tree.nodes
    assert "operator" in tree.nodes


FILES = {name: content.decode() for name, content in files_in(ACME).items()}


@given(st.data())
def test_a_good_hotline_with_a_slip_in_it_is_read_or_its_fault_is_told(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    lines = FILES[name].splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    column = data.draw(st.integers(0, len(line)))
    slip = data.draw(st.sampled_from(["drop line", "double line", "indent", "letter", "cut", "swap"]))
    if slip == "drop line":
        lines[at] = ""
    elif slip == "double line":
        lines[at] = line * 2
    elif slip == "indent":
        lines[at] = data.draw(st.sampled_from(["\t", " ", "  "])) + line
    elif slip == "letter":
        lines[at] = line[:column] + data.draw(st.sampled_from(list("*#:'\"{}[],&!|>-?%@`0aж\n \t"))) + line[column:]
    elif slip == "cut":
        lines[at] = line[:column] + "\n"
    else:
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    examined = examine({**FILES, name: "".join(lines)})
    if examined.tree:
        promises_kept(examined.tree)
    else:
        assert examined.faults
    for fault in examined.faults:
        assert fault.place.file in FILES
        assert fault.end_column > fault.place.column >= 1
        assert str(fault)


def test_a_start_that_is_missing_is_told_in_the_file_that_says_hotline() -> None:
    head, _, rest = SMALL.partition("nodes:\n")
    files = {"cases.yaml": "cases: {idea: {label: Idea}}\n", "hotline.yaml": head.replace("start: welcome\n", "")}
    files["tree.yaml"] = "nodes:\n" + rest
    faults = [fault for fault in examine(files).faults if fault.severity == "error"]
    assert [(fault.place.file, fault.place.line, fault.message) for fault in faults] == [
        ("hotline.yaml", 1, '"start" is missing in this hotline.')
    ]
