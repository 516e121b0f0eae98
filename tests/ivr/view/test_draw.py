"""The tree drawn as page, picture and diagram: complete, without crossings, and never taking a text for markup."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ivr.commands.draw import draw
from ivr.menu.hotline import read_files, read_hotline
from ivr.menu.tree import Tree
from ivr.view.diagram import dot, mermaid
from ivr.view.layout import BOX_WIDTH, MENTION_HEIGHT, laid_out
from ivr.view.outline import DEPTH_MAX, outline
from ivr.view.page import page
from ivr.view.picture import picture
from tests.ivr.menu.small import SMALL, changed

ACME = Path(__file__).parents[3] / "menus" / "acme"
NAUGHTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "]]> <!-- & &amp; &#60;b&#62;",
    "' onclick='alert(1)",
    "$[7*7] %s javascript:alert(1)",
    "Ünïcødé مرحبا 日本 \U0001f4de",
]


@pytest.fixture(scope="module")
def acme() -> Tree:
    return read_hotline(ACME)


class Read(HTMLParser):
    """What a browser finds in a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name))]


@pytest.mark.parametrize("language", ["en", "de", "sr", "es"])
def test_every_step_stands_on_the_page_once_and_every_link_leads_somewhere(acme: Tree, language: str) -> None:
    found = Read(page(acme, language))
    ids = Counter(found.values("id"))
    assert {f"step-{name}" for name in acme.nodes} <= ids.keys()
    assert set(ids.values()) == {1}
    assert {link.removeprefix("#") for link in found.values("href")} <= ids.keys()
    assert f"“{acme.nodes['welcome'].words[language]}”" not in found.text  # the marks come from the style sheet
    assert acme.nodes["welcome"].words[language] in found.text


def test_the_page_says_what_a_key_does_and_where_it_leads(acme: Tree) -> None:
    text = " ".join(Read(page(acme, "en")).text.split())
    for said in ("2 a complaint", "Order number", "Digits6 to 10", "waited too long, queue full, or nobody there",
                 "no or a wrong key, 2 times", "Head start60 s", "Monday–Friday", "08:00–18:00"):  # fmt: skip
        assert said in text, said


def test_the_page_needs_no_script_and_nothing_from_elsewhere(acme: Tree) -> None:
    found = Read(page(acme, "en"))
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert ("meta", {"http-equiv": "Content-Security-Policy",
                     "content": "default-src 'none'; style-src 'unsafe-inline'"}) in found.elements  # fmt: skip
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_naughty_text_stays_text_everywhere(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    tree = read_files({"a.yaml": changed("menu: Welcome.", f"menu: {quoted}").replace("a question", quoted)})
    plain = read_files({"a.yaml": SMALL})
    found, usual = Read(page(tree, "en")), Read(page(plain, "en"))
    assert text in found.text
    assert Counter(tag for tag, _ in found.elements if tag not in ("text", "desc")) == Counter(
        tag for tag, _ in usual.elements if tag not in ("text", "desc")
    )
    drawn = ElementTree.fromstring(picture(tree, "en"))  # noqa: S314 - our own
    assert not [it for it in drawn.iter() if it.tag.rpartition("}")[2] in ("script", "img", "b")]
    label = re.findall(r'-->\|"(.*)"\|', mermaid(tree, "en"))[0]
    assert not set(label) & set('"<>')
    assert dot(tree, "en").replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0


@pytest.mark.parametrize("language", ["en", "de", "sr", "es"])
def test_nothing_in_the_picture_covers_anything_else(acme: Tree, language: str) -> None:
    placed = laid_out(outline(acme, language), language)
    areas = [(box.x, box.y, box.x + BOX_WIDTH, box.y + box.height) for box in placed.boxes]
    areas += [(it.x, it.y, it.x + BOX_WIDTH, it.y + MENTION_HEIGHT) for it in placed.mentions]
    for (left, top, right, bottom), other in combinations(areas, 2):
        assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    assert all(right <= placed.width and bottom <= placed.height for _, _, right, bottom in areas)
    ends = {(left, top) for left, top, _, _ in areas}
    assert all(any(x == line.to_x and y <= line.to_y <= y + 46 for x, y in ends) for line in placed.lines)
    assert {box.step.node.name for box in placed.boxes} == set(acme.nodes)


def test_a_line_bears_its_key_and_its_label(acme: Tree) -> None:
    drawn = ElementTree.fromstring(picture(acme, "de"))  # noqa: S314 - our own
    texts = [it.text for it in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "eine Beschwerde" in texts
    assert "2" in texts
    assert "→ Survey" in texts
    assert "0 → Operator" in texts


def test_what_no_caller_can_reach_is_said() -> None:
    tree = read_files({"a.yaml": changed("  goodbye:\n", "  old_offers: {say: Offers., goto: goodbye}\n  goodbye:\n")})
    assert outline(tree, "en").unreached == ("old_offers",)
    assert "Old offers" in Read(page(tree, "en")).text


def test_a_very_deep_tree_is_parted_and_still_complete() -> None:
    steps = "".join(f"  s{n}: {{say: Step., goto: s{n + 1}}}\n" for n in range(500))
    text = changed("goto: operator", "goto: s0").replace("  message:\n", f"{steps}  s500: {{end: Bye.}}\n  message:\n")
    tree = read_files({"a.yaml": text})
    shown = outline(tree, "en")
    assert {step.node.name for step in shown.steps()} == set(tree.nodes)
    assert max(step.depth for step in shown.steps()) == DEPTH_MAX
    assert "step-s499" in page(tree, "en")


def test_diagrams_name_every_way_but_the_key_for_a_person(acme: Tree) -> None:
    lines = mermaid(acme, "en").splitlines()
    assert lines[0] == "flowchart LR"
    assert '    n1_welcome -->|"2 a complaint"| n3_order_number' in lines
    assert '    n1_welcome -->|"no or a wrong key, 2 times"| n9_operator' in lines
    assert "    n16_thanks --> n18_goodbye" in lines
    assert 'n1_welcome -> n9_operator [label="2-mal keine oder falsche Taste", style=dashed];' in dot(acme, "de")


def test_the_file_s_ending_says_what_to_draw(tmp_path: Path) -> None:
    for name, begin in {"a.svg": "<svg", "a.html": "<!doctype html>", "a.mmd": "flowchart", "a.dot": "digraph"}.items():
        result = CliRunner().invoke(draw, [str(ACME), "-o", str(tmp_path / name), "--language", "sr"])
        assert result.exit_code == 0, result.output
        assert (tmp_path / name).read_text("utf-8").startswith(begin)


def test_several_hotlines_want_a_choice_and_a_broken_one_its_faults(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tree.yaml").write_text("hotline: x\n", "utf-8")
    several = CliRunner().invoke(draw, [str(tmp_path)])
    assert several.exit_code == 2
    assert "several hotlines" in several.output
    broken = CliRunner().invoke(draw, [str(tmp_path / "a")])
    assert broken.exit_code == 1
    assert "cannot be used before this is put right" in broken.output
    unknown = CliRunner().invoke(draw, [str(ACME), "--language", "fr"])
    assert unknown.exit_code == 2
    assert "there are en, de, sr, es" in unknown.output
