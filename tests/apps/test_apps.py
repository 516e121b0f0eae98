"""Apps in four styles, called over real sockets by the scripts that lie beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.__main__ import main
from tests.apps.running import ACCOUNT, HERE, KEY, TOKEN, free_port, need_node, running

SHARED = ("door", "wire")
APPS = sorted(
    app
    for app in (*HERE.glob("with_*/*.py"), *HERE.glob("node/*.js"))
    if app.stem not in SHARED and list(app.parent.glob(f"{app.stem}*.call"))
)
DOORS = {"languages": "/ivr/voice"}


@pytest.mark.parametrize("app", APPS, ids=lambda app: f"{app.parent.name}/{app.stem}")
def test_an_app_is_called_as_its_scripts_say(app: Path) -> None:
    if app.suffix == ".js":
        need_node()
    scripts = sorted(str(script) for script in app.parent.glob(f"{app.stem}*.call"))
    carrier = free_port()
    with running(app, carrier) as url:
        known = ["--app", url + DOORS.get(app.stem, "/voice"), "--carrier-port", str(carrier)]
        account = ["--account", ACCOUNT, "--token", TOKEN]
        played = CliRunner(env=KEY).invoke(main, ["test", *scripts, *known, *account])
    assert played.exit_code == 0, played.output
    assert f"{len(scripts)} fine" in played.output
