"""The example hotline passes every rule in its strictest form, in all four languages, with nothing allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.lint import lint
from ivr.menu.hotline import files_in
from ivr.menu.told import LANGUAGES

ACME = Path(__file__).parents[3] / "menus" / "acme"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_passes_the_accessible_profile(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIALTREE_DATA", str(tmp_path))
    result = CliRunner().invoke(lint, [str(ACME), "--profile", "accessible", "--language", language])
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 1


def test_nothing_is_allowed_in_the_example() -> None:
    assert not any(b"lint: allow" in content for content in files_in(ACME).values())
