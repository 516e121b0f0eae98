"""House rules: what is looked for in the source, as functions from a file's text to what is wrong with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FILE_LINES_WISHED, FILE_LINES_MAX = 400, 500
FUNCTION_LINES_WISHED, FUNCTION_LINES_MAX = 40, 60
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
PLACEHOLDERS = ("TO" + "DO", "FIX" + "ME", "XX" + "X")  # written so that this file does not find itself

# What reads a clock, throws dice or prints, and what to do instead. A dot at the end: everything in that module.
EDGE_ONLY = {
    "time.": "take `now`, or a clock `() -> datetime`, as a parameter",
    "datetime.datetime.now": "take `now` as a parameter",
    "datetime.datetime.utcnow": "take `now` as a parameter",
    "datetime.datetime.today": "take `now` as a parameter",
    "datetime.date.today": "take `now` as a parameter",
    "random.": "take a `random.Random(seed)` as a parameter",
    "secrets.": "take the id, or a source of ids, as a parameter",
    "uuid.": "take the id, or a source of ids, as a parameter",
    "os.urandom": "take the id, or a source of ids, as a parameter",
    "print": "use click.echo in a command; elsewhere return what there is to say",
}
NEVER = {
    "eval": "read the text with a parser",
    "exec": "write the code out",
    "compile": "write the code out",
    "__import__": "import it at the top",
    "pickle.": "store JSON",
    "marshal.": "store JSON",
    "shelve.": "use the database",
    "os.system": "use subprocess.run with a list",
    "os.popen": "use subprocess.run with a list",
    "yaml.load": "use ivr.menu.reader",
    "yaml.load_all": "use ivr.menu.reader",
    "yaml.unsafe_load": "use ivr.menu.reader",
    "yaml.full_load": "use ivr.menu.reader",
    "xml.sax.": "use the simulator's hardened reader",
    "tempfile.mktemp": "use tempfile.mkstemp",
}
STATEMENT_TAKERS = {"execute", "executemany", "executescript", "exec_driver_sql", "text", "scalar", "scalars"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule does not allow: `thing` stands on `line`; `instead` says what would be right."""

    line: int
    thing: str
    instead: str


def mentions(tree: ast.Module, wanted: dict[str, str]) -> Iterator[Finding]:
    """Each place where a name of `wanted` is used, called or handed on, whatever it was imported as."""
    known = _imported_names(tree)
    for node in ast.walk(tree):
        name = _full_name(node, known)
        seeded = name == "random.Random"  # with a seed it is no dice; ruff sees to it that there is one
        if name and not seeded:
            for pattern, instead in wanted.items():
                if name == pattern or (pattern.endswith(".") and name.startswith(pattern)):
                    yield Finding(node.lineno, name, instead)


def _imported_names(tree: ast.Module) -> dict[str, str]:
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return known


def _full_name(node: ast.AST, known: dict[str, str]) -> str | None:
    """`datetime.datetime.now` for `dt.now` after `from datetime import datetime as dt`; None for what is no name."""
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, known)
        return f"{owner}.{node.attr}" if owner and owner in _prefixes(known) else None
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return known.get(node.id, node.id if node.id in ("print", "eval", "exec", "compile", "__import__") else None)
    return None


def _prefixes(known: dict[str, str]) -> set[str]:
    """What may stand before a dot: an imported module or class, or a module within an imported one."""
    return {*known.values(), "datetime.datetime", "datetime.date", "xml.sax"}


def imports(tree: ast.Module) -> set[str]:
    """The top-level names of all packages that are imported, also inside functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def shells(tree: ast.Module) -> Iterator[Finding]:
    """Each call with `shell=True`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell" and not _is_false(node.value):
            yield Finding(node.value.lineno, "shell=", "give the program and its arguments as a list")


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def composed_statements(tree: ast.Module) -> Iterator[Finding]:
    """Each SQL statement put together out of strings, which is how strangers get to write SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in STATEMENT_TAKERS and _is_composed(node.args[0]):
                yield Finding(
                    node.lineno, f"{name}() of a composed string", "bind parameters, or use SQLAlchemy's tables"
                )


def _is_composed(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(isinstance(part, ast.Constant | ast.JoinedStr) and _is_text(part) for part in ast.walk(node))
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def first_sentence(tree: ast.Module) -> str | None:
    """What the file says that it holds: the first sentence of its docstring; None if it says nothing."""
    words = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    sentence = words.partition(". ")[0]
    return sentence if sentence.rstrip(".") and words.endswith((".", ":")) else None


def function_lengths(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each function's name and its number of lines, without its docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            yield node.name, lines
