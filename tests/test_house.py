"""The house: its rules held up against every file, and against planted breaches to know that the rules bite."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import house_rules as rules

HOUSE = Path(__file__).resolve().parent.parent
PACKAGES = ("ivr", "routing", "recordings")
SOURCES = sorted(path for package in PACKAGES for path in (HOUSE / package).rglob("*.py"))
ALL_PYTHON = [*SOURCES, *sorted((HOUSE / "tests").rglob("*.py")), *sorted((HOUSE / "benchmarks").rglob("*.py"))]
TREES = {path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text("utf-8"), path) for path in ALL_PYTHON}
SOURCE_TREES = {name: tree for name, tree in TREES.items() if name.split("/")[0] in PACKAGES}

# Files (or folders) that may touch what the rest is handed, and why.
EDGES: dict[tuple[str, str], str] = {
    ("ivr/accounts.py", "secrets"): "session keys must be unguessable, so no seed may make them",
    ("ivr/logins.py", "secrets"): "so must the words that open a session",
    ("ivr/codes.py", "secrets"): "one-time codes must be unguessable, so no seed may make them",
    ("ivr/outbox.py", "secrets"): "what signs our webhooks must be unguessable, so no seed may make it",
    ("ivr/tokens.py", "secrets"): "tokens must be unguessable, so no seed may make them",
    ("ivr/privacy/tombstones.py", "secrets"): "what hides whom a tombstone means must be unguessable",
    (
        "ivr/commands/",
        "datetime",
    ): "a command is where a person starts something now: it reads the clock and hands it down",
    ("ivr/commands/", "secrets"): "passwords that a command makes must be unguessable",
    ("ivr/commands/", "time"): "a report says how long things really took",
    ("ivr/commands/", "uuid"): "a command hands the source of ids down",
    ("ivr/fetch.py", "time"): "another system's time is real, also while virtual time stands still",
    ("ivr/simulator/clockwork.py", "time"): "the agenda in real time: the network's own clock is made here",
    ("ivr/simulator/transport.py", "time"): "an app is waited for in real time, also while virtual time stands still",
    ("ivr/web/clock.py", "datetime"): "the live program's clock is made here, and handed down",
    ("ivr/web/clock.py", "time"): "the live program's clock must not go back when the machine's is set",
    ("ivr/web/app.py", "uuid"): "the live program begins here: from here on its source of ids is handed down",
}

# Files that may compose statements, and why.
COMPOSERS: dict[str, str] = {
    "routing/store/engine.py": "PRAGMA takes no parameters; the words stand in the file",
}

# Files and functions that read better long, and why.
LONG_FILES: dict[str, str] = {
    "ivr/wire.py": "the carrier's words, both ways and for browsers: one file alone imports twilio",
}
LONG_FUNCTIONS: dict[tuple[str, str], str] = {
    (
        "ivr/migrations/versions/m0001_first_schema.py",
        "upgrade",
    ): "a list of tables, drawn up by alembic: read top to bottom",
}


def say(broken: list[str]) -> str:
    return "\n".join(["", *broken])


def test_clocks_dice_and_prints_stay_at_the_edge() -> None:
    broken, used = [], set()
    for name, tree in SOURCE_TREES.items():
        for found in rules.mentions(tree, rules.EDGE_ONLY):
            module = found.thing.split(".")[0]
            allowed = {(where, what) for where, what in EDGES if name.startswith(where) and what == module}
            used |= allowed
            if not allowed:
                broken.append(f"{name}:{found.line}: {found.thing} ({found.instead})")
    assert not broken, say(broken)
    assert not set(EDGES) - used, f"no longer needed in EDGES: {set(EDGES) - used}"


def test_nothing_runs_what_strangers_write() -> None:
    broken = [
        f"{name}:{found.line}: {found.thing} ({found.instead})"
        for name, tree in SOURCE_TREES.items()
        for found in (*rules.mentions(tree, rules.NEVER), *rules.shells(tree), *rules.composed_statements(tree))
        if not (name in COMPOSERS and "composed" in found.thing)
    ]
    assert not broken, say(broken)


@pytest.mark.parametrize("name", TREES)
def test_a_file_says_first_what_it_holds(name: str) -> None:
    assert rules.first_sentence(TREES[name]), (
        f"{name}:1: begin with a docstring whose first sentence says what it holds"
    )


def test_no_name_is_vague() -> None:
    vague = [name for name in TREES if rules.VAGUE_NAMES & set(Path(name).with_suffix("").parts)]
    assert not vague, f"say what these hold: {vague}"


def test_files_and_functions_stay_small(long_things: list[str]) -> None:
    broken = []
    for name, tree in SOURCE_TREES.items():
        lines = len((HOUSE / name).read_text("utf-8").splitlines())
        if name in LONG_FILES:
            continue
        if lines > rules.FILE_LINES_WISHED:
            long_things.append(f"{name}: {lines} lines (up to {rules.FILE_LINES_WISHED} wished)")
        if lines > rules.FILE_LINES_MAX:
            broken.append(f"{name}: {lines} lines (split it, or say in LONG_FILES why not)")
        for function, count in rules.function_lengths(tree):
            if count <= rules.FUNCTION_LINES_WISHED or (name, function) in LONG_FUNCTIONS:
                continue
            long_things.append(f"{name}: {function}: {count} lines (up to {rules.FUNCTION_LINES_WISHED} wished)")
            if count > rules.FUNCTION_LINES_MAX:
                broken.append(f"{name}: {function}: {count} lines (split it, or say in LONG_FUNCTIONS why not)")
    assert not broken, say(broken)


@pytest.mark.parametrize(("package", "importer"), [("twilio", "ivr/wire.py"), ("transitions", "routing/lifecycle.py")])
def test_one_file_alone_speaks_to(package: str, importer: str) -> None:
    assert [name for name, tree in SOURCE_TREES.items() if package in rules.imports(tree)] == [importer]


def test_nothing_is_left_for_later() -> None:
    folders = (*PACKAGES, "tests", "benchmarks", "menus", "docs", ".ci")
    written = {".py", ".md", ".yaml", ".html", ".css", ".js", ".cfg", ".toml", ".txt", ".json", ".mako", ""}
    files = [
        path for folder in folders for path in (HOUSE / folder).rglob("*") if path.suffix in written and path.is_file()
    ]
    files += [path for path in HOUSE.iterdir() if path.is_file() and path.suffix in written]
    # Checksums spell anything, and what others wrote is theirs.
    files = [path for path in files if path.name != "package-lock.json" and path.parent.name != "vendor"]
    left = [
        f"{path.relative_to(HOUSE)}:{number}: {word}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for word in rules.PLACEHOLDERS
        if word in line
    ]
    assert not left, say(left)


def test_no_page_trusts_what_was_typed() -> None:
    pages = [path for package in PACKAGES for path in (HOUSE / package).rglob("*.html")]
    trusting = [path.name for path in pages if re.search(r"\|\s*safe|autoescape\s+false", path.read_text("utf-8"))]
    scripts = [path for package in PACKAGES for path in (HOUSE / package).rglob("*.js") if path.parent.name != "vendor"]
    trusting += [path.name for path in scripts if re.search(r"document\.write|\beval\(", path.read_text("utf-8"))]
    assert not trusting, f"let these escape what they show: {trusting}"


def test_everything_the_program_reads_is_packaged() -> None:
    setup = configparser.ConfigParser()
    setup.read(HOUSE / "setup.cfg", "utf-8")
    for package in PACKAGES:
        folder = HOUSE / package
        patterns = setup["options.package_data"].get(package, "").split()
        packaged = {path for pattern in patterns for path in folder.glob(pattern)}
        read = {path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
        assert not read - packaged, f"name these in package_data of setup.cfg: {sorted(read - packaged)}"
        homes = {path.parent for path in folder.rglob("__init__.py")}
        homeless = {path for path in folder.rglob("*.py") if path.parent not in homes} - packaged
        assert not homeless, f"these lie in folders without __init__.py: {sorted(homeless)}"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60)


def test_imports_run_downhill() -> None:
    checked = lint_imports(HOUSE)
    assert checked.returncode == 0, checked.stdout[-4000:] + checked.stderr[-2000:]


PLANTED = {
    "a clock in routing": ("routing/distributor.py", "import time", "core does nothing"),
    "dice in the session": ("ivr/session/menu.py", "import random", "core does nothing"),
    "a database in the tree": ("ivr/menu/tree.py", "import sqlalchemy", "core does nothing"),
    "telephones in routing": ("routing/queue.py", "import ivr.heard", "Routing knows no telephones"),
    "pages in routing": ("routing/matching.py", "import flask", "Routing knows no telephones"),
    "the tree in the simulator": ("ivr/simulator/network.py", "import ivr.menu.tree", "knows only the wire"),
    "the client in the simulator": ("ivr/simulator/rest.py", "import twilio", "knows only the wire"),
    "pages in the simulator": ("ivr/simulator/network.py", "import flask", "knows only the wire"),
    "the simulator in the app": ("ivr/web/voice.py", "import ivr.simulator.network", "ivr run downhill"),
    "twilio in a second file": ("ivr/switchboard.py", "import twilio.rest", "One file speaks twilio"),
    "transitions in a second file": ("ivr/call.py", "import transitions", "One file imports transitions"),
    "cases in the archive": ("recordings/archive.py", "import routing.case", "know neither ivr nor routing"),
    "uphill": ("ivr/session/menu.py", "import ivr.switchboard", "ivr run downhill"),
    "uphill in routing": ("routing/matching.py", "import routing.distributor", "routing run downhill"),
    "a file without a place": ("ivr/stray.py", '"""Stray."""', "ivr run downhill"),
    "a stray in routing": ("routing/stray.py", '"""Stray."""', "routing run downhill"),
}


@pytest.fixture(scope="module")
def another_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages in which a test may plant something."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(HOUSE / package, house / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "setup.cfg", house)
    return house


@pytest.mark.parametrize("breach", PLANTED)
def test_a_wrong_import_is_found(breach: str, another_house: Path) -> None:
    name, line, contract = PLANTED[breach]
    path = another_house / name
    before = path.read_text("utf-8") if path.exists() else None
    try:
        path.write_text(f"{before or ''}\n{line}\n", "utf-8")
        checked = lint_imports(another_house)
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")
    broken = [said for said in checked.stdout.splitlines() if " BROKEN" in said]
    assert checked.returncode == 1, checked.stdout[-2000:] + checked.stderr[-2000:]
    assert any(contract in said for said in broken), broken


BREACHES = {
    "from datetime import datetime, UTC\ndatetime.now(UTC)": "datetime.datetime.now",
    "import datetime as dt\ndt.datetime.utcnow()": "datetime.datetime.utcnow",
    "import datetime\nclock = datetime.datetime.now": "datetime.datetime.now",
    "from datetime import date\ndate.today()": "datetime.date.today",
    "import time\ndef wait(sleep=time.sleep): ...": "time.sleep",
    "from time import monotonic as t\nt()": "time.monotonic",
    "def inner():\n    import random\n    return random.choice([1])": "random.choice",
    "from uuid import uuid4\nuuid4()": "uuid.uuid4",
    "import secrets\nsecrets.token_hex()": "secrets.token_hex",
    "import os\nos.urandom(8)": "os.urandom",
    "print('hello')": "print",
}
HARMLESS = (
    "from datetime import datetime\ndef step(now: datetime): return now",
    "import random\ndice = random.Random(4)",
    "call.time.now()\nself.print()\nevent.random",
    "from datetime import time\nopening = time(8, 30)",
)


@pytest.mark.parametrize("text", BREACHES)
def test_a_clock_dice_or_print_is_found(text: str) -> None:
    assert BREACHES[text] in [found.thing for found in rules.mentions(ast.parse(text), rules.EDGE_ONLY)]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_clock_is_let_be(text: str) -> None:
    assert not list(rules.mentions(ast.parse(text), rules.EDGE_ONLY))


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "import pickle\npickle.loads(b'')",
        "from yaml import load\nload('a')",
        "import yaml\nyaml.load('a')",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "connection.execute(f'select {a}')",
        "connection.execute('select ' + a)",
        "connection.execute(text('select %s' % a))",
        "text('select {}'.format(a))",
    ],
)
def test_what_runs_strangers_words_is_found(text: str) -> None:
    tree = ast.parse(text)
    found = [*rules.mentions(tree, rules.NEVER), *rules.shells(tree), *rules.composed_statements(tree)]
    assert found


def test_a_bound_parameter_is_let_be() -> None:
    tree = ast.parse("connection.execute(text('select :a'), {'a': a + 'b'})\nconnection.execute(table.insert())")
    assert not list(rules.composed_statements(tree))


def test_lengths_are_counted_without_docstrings() -> None:
    tree = ast.parse('def f():\n    """One\n    two.\n    """\n    return 1\n')
    assert list(rules.function_lengths(tree)) == [("f", 2)]


@pytest.mark.parametrize("text", ["", "x = 1", '"""No full stop"""', '"""."""'])
def test_a_file_that_says_nothing_is_found(text: str) -> None:
    assert rules.first_sentence(ast.parse(text)) is None
