"""What README says is true: the straight line, the commands, the links and the map."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from click.testing import CliRunner

from ivr.__main__ import COMMANDS, main
from ivr.commands.states import TABLES, diagram
from ivr.menu.hotline import read_files

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def straight_line() -> list[str]:
    table = README.split("<!-- straight line -->")[1].split("\n\n")[0]
    return re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)


@contextmanager
def followed(start: str, first_seen: dict[str, int]) -> Iterator[None]:
    """Note when each of our functions is entered for the first time, from the first entry of `start` on."""

    def enter(frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith(("ivr.", "routing.")):
            name = f"{module}.{frame.f_code.co_qualname}"
            if first_seen or name == start:
                first_seen.setdefault(name, len(first_seen))

    sys.setprofile(enter)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_the_straight_line_is_the_way_that_a_call_takes():
    seen: dict[str, int] = {}
    line = straight_line()
    with followed(line[0], seen):
        result = CliRunner().invoke(main, ["demo", "--menus", str(ROOT / "menus")])
    assert result.exit_code == 0, result.output
    assert len(line) > 15
    assert [name for name in line if name not in seen] == []
    assert line == sorted(line, key=seen.__getitem__)


def test_the_demo_tells_the_call_and_shows_the_case_with_the_number_that_only_the_caller_typed():
    result = CliRunner().invoke(main, ["demo", "--menus", str(ROOT / "menus")])
    assert re.search(r"presses 4 7 1 1 0 8", result.output)
    assert re.search(r"order number +471108 +\(typed by the caller\)", result.output)
    assert re.search(r"settled: 1, treated: 5, easy: 4", result.output)


def test_every_command_explains_itself_to_a_stranger():
    runner = CliRunner()
    overview = runner.invoke(main, ["--help"]).output
    for name, purpose in COMMANDS.items():
        assert name in overview
        assert purpose in overview
        told = runner.invoke(main, [name, "--help"])
        assert told.exit_code == 0
        assert len(told.output.splitlines()) > 5
        assert "Usage:" in told.output


def test_the_command_line_works_as_a_module():
    told = subprocess.run([sys.executable, "-m", "ivr", "--help"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Dialtree answers" in told.stdout


def test_commands_that_the_readme_names_exist():
    named = set(re.findall(r"\bivr ([a-z-]+)\b", README))
    assert named <= COMMANDS.keys() | {"agent"}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for word in set(re.findall(r"\bmake ([a-z]+)\b", README)):
        assert re.search(rf"^{word}:", makefile, re.MULTILINE), f"make {word}"


def test_links_and_files_that_the_readme_names_are_there():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    table = README.split("### I develop")[1].split("\n\n")[1]
    files = re.findall(r"`([\w./]+)`", "".join(line.split("|")[1] for line in table.splitlines()))
    assert len(files) > 12
    for name in links + files:
        assert (ROOT / name).exists(), name


def test_the_yaml_that_the_readme_shows_is_what_the_reader_takes():
    shown = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)[1]
    acme = {path.name: path.read_text("utf-8") for path in (ROOT / "menus" / "acme").glob("*.yaml")}
    welcome = re.search(r"^  welcome:\n(?:(?:    .*)?\n)*", acme["tree.yaml"], re.MULTILINE)[0]
    options = re.search(r"^    options:\n(?:(?:      .*)?\n)*", welcome, re.MULTILINE)[0]
    others = re.sub(r'^      "2":\n(?:        .*\n)+', "", options.split("\n", 1)[1], flags=re.MULTILINE)
    acme["tree.yaml"] = acme["tree.yaml"].replace(welcome, shown + others + "\n")
    assert read_files(acme).nodes["welcome"].words["en"] == "Welcome to Acme."


def test_the_diagrams_of_the_states_are_the_tables_that_run():
    page = (ROOT / "docs" / "states.md").read_text("utf-8")
    for table in TABLES.values():
        assert diagram(table) in page
