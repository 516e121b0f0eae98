"""S63: what is done at the command line stands in the audit, under the name of the system's user."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.audit import Entry
from ivr.commands.storage import opened

HOUSE = Path(__file__).parents[3]
SYSTEM_USER = pwd.getpwuid(os.getuid()).pw_name


class Shell:
    """A command line beside a data folder and a copy of a hotline."""

    def __init__(self, folder: Path) -> None:
        self.menus, self.data = folder / "menus", folder / "data"
        shutil.copytree(HOUSE / "menus" / "acme", self.menus / "acme")

    def __call__(self, *words: str) -> Result:
        # A name in the environment is anybody's choice.
        environment = {"DIALTREE_DATA": str(self.data), "DIALTREE_MENUS": str(self.menus), "LOGNAME": "somebody-else"}
        done = CliRunner().invoke(main, list(words), env=environment)
        assert done.exit_code == 0, done.output
        return done

    def audited(self) -> list[Entry]:
        """What stands in the audit, in order; who did it is always the system's user."""
        store = opened(self.data)
        with store.look() as tx:
            rows, fault = list(reversed(tx.audit.latest(50))), tx.audit.first_fault()
        store.close()
        assert fault is None
        assert {row.who for row in rows if row.what != "kept long enough"} == {SYSTEM_USER}
        return rows


def test_switching_accounts_erasing_and_holding_are_written_down(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell("emergency", "on", "acme", "--until", "2099-12-24 18:00", "--by", "olga")
    shell("emergency", "off", "acme")
    shell("agent", "add", "claims-1", "--skill", "claims:4", "--generate")
    shell("agent", "password", "claims-1", "--generate")
    shell("agent", "disable", "claims-1")
    shell("erase", "+49 157 75550199", "--yes")
    shell("hold", "on", "ana@example.org", "--why", "court")
    shell("retention")
    rows = shell.audited()
    assert [row.what for row in rows] == [
        *("emergency on", "emergency off", "agent made", "account made", "password set", "account disabled"),
        *("person erased", "legal hold", "kept long enough"),
    ]
    assert rows[0].fields["by"] == "olga"
    assert "15775550199" not in str(rows)


@pytest.mark.deep
def test_publishing_and_going_back_are_written_down(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell("publish", str(shell.menus / "acme"), "--yes", "--by", "olga")
    with (shell.menus / "acme" / "tree.yaml").open("a", encoding="utf-8") as its:
        its.write("# another one\n")
    shell("publish", str(shell.menus / "acme"), "--yes")
    shell("rollback", "acme")
    shell("release", "acme")
    rows = shell.audited()
    assert [row.what for row in rows] == ["published", "published", "rolled back", "released"]
    assert rows[0].fields["by"] == "olga"
