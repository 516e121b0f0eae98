"""S63: what is done at the command line stands in the audit, under the name of the system's user."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.commands.storage import opened

HOUSE = Path(__file__).parents[3]
SYSTEM_USER = pwd.getpwuid(os.getuid()).pw_name


def test_publishing_switching_accounts_and_erasing_are_written_down(tmp_path: Path) -> None:
    menus, data = tmp_path / "menus", tmp_path / "data"
    shutil.copytree(HOUSE / "menus" / "acme", menus / "acme")
    environment = {"DIALTREE_DATA": str(data), "DIALTREE_MENUS": str(menus), "LOGNAME": "somebody-else"}

    def shell(*words: str) -> Result:
        done = CliRunner().invoke(main, list(words), env=environment)
        assert done.exit_code == 0, done.output
        return done

    shell("publish", str(menus / "acme"), "--yes", "--by", "olga")
    with (menus / "acme" / "tree.yaml").open("a", encoding="utf-8") as its:
        its.write("# another one\n")
    shell("publish", str(menus / "acme"), "--yes")
    shell("rollback", "acme")
    shell("emergency", "on", "acme", "--until", "2099-12-24 18:00")
    shell("emergency", "off", "acme")
    shell("agent", "add", "claims-1", "--skill", "claims:4", "--generate")
    shell("agent", "password", "claims-1", "--generate")
    shell("agent", "disable", "claims-1")
    shell("erase", "+49 157 75550199", "--yes")
    shell("hold", "on", "ana@example.org", "--why", "court")
    shell("retention")
    store = opened(data)
    with store.look() as tx:
        rows, fault = list(reversed(tx.audit.latest(50))), tx.audit.first_fault()
    store.close()
    assert fault is None
    assert [row.what for row in rows] == [
        *("published", "published", "rolled back", "emergency on", "emergency off", "agent made", "account made"),
        *("password set", "account disabled", "person erased", "legal hold", "kept long enough"),
    ]
    assert {row.who for row in rows[:-1]} == {SYSTEM_USER}
    assert rows[0].fields["by"] == "olga"
    assert "15775550199" not in str(rows)
