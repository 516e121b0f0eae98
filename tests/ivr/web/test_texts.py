"""The texts of all pages: there in every language, with the same gaps, used, and Serbian in both its scripts."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from ivr.phrase import latin
from ivr.web.desk import WORDS
from ivr.web.texts import FOLDER, LANGUAGES, WRITTEN, texts

WEB = Path(__file__).parents[3] / "ivr" / "web"
FOLDERS = sorted(FOLDER.rglob("texts"))


def read(folder: Path, language: str) -> dict[str, str]:
    return json.loads((folder / f"{language}.json").read_text("utf-8"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
@pytest.mark.parametrize("language", WRITTEN[1:])
def test_every_text_is_there_in_every_language_with_the_same_gaps(folder: Path, language: str) -> None:
    first, other = read(folder, WRITTEN[0]), read(folder, language)
    assert list(first) == list(other)
    for key, text in first.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", other[key])), key
        assert other[key].strip() == other[key] != "", key


def test_serbian_is_written_in_cyrillic_and_can_be_read_in_latin() -> None:
    for key, text in texts("sr").entries.items():
        assert key == "product" or re.search("[а-яђјљњћџА-Я]", text), key
        assert texts("sr-Latn").entries[key] == latin(text)
        assert not re.search("[а-яђјљњћџА-Я]", texts("sr-Latn").entries[key]), key


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py"), *WEB.rglob("*.js")]
    sources = "\n".join(path.read_text("utf-8") for path in files if path.parent.name != "vendor")
    written = set(re.findall(r"""[^\w.]t\(["']([\w.]+\w)["']\s*[,)]""", sources)) | set(WORDS)
    begun = re.findall(r"""[^\w.]t\(f?["']([\w.]+\.)(?:["']\s*~|\{)""", sources)
    families = (*begun, *(f"{word}." for word in re.findall(r'or_as_is\(\s*"(\w+)"', sources)), "form.log.", "error.")
    entries = texts("en").entries
    assert written - set(entries) == set()
    quoted = set(re.findall(r"""["']([\w.]+\w)["']""", sources))
    assert [key for key in entries if key not in quoted and not key.startswith(families)] == []


def test_a_language_calls_itself_by_its_own_name() -> None:
    names = {language: texts(language).own_name for language in LANGUAGES}
    assert names["sr"] == "Српски (ћирилица)"
    assert names["sr-Latn"].startswith("Srpski")
    assert (names["en"], names["de"], names["es"]) == ("English", "Deutsch", "Español")


def refusals() -> set[str]:
    """Every refusal that is one fixed sentence, in the code that people meet by the pages."""
    found = set()
    house = WEB.parents[1]
    for path in [*(house / "routing").rglob("*.py"), *(house / "ivr").rglob("*.py")]:
        if "simulator" in path.parts or path.name.endswith(("_api.py", "_ask.py")) or path.name == "exports.py":
            continue  # programs are told in English
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "Refused" and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_refusal_can_be_told_in_the_pages_language() -> None:
    told = {key.removeprefix("refused.") for key in texts("en").refusals}
    assert refusals() - told - INNER == set()


INNER = {"this is not text"}
"""Said only of forms that no page of ours sends."""
