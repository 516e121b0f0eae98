"""The page on REST: its programs are run as they stand there, by Python and by Node."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.simulator.rest.door import ROUTES
from tests.apps.running import HOUSE, NODE_MODULES, environment, need_node
from tests.ivr.simulator.test_webhook import served
from tests.ivr.simulator.tiny_app import CALLER, NUMBER, carrier

PAGE = (HOUSE / "docs" / "rest.md").read_text("utf-8")
BLOCKS: dict[str, str] = dict(re.findall(r"^```(\w+(?: [\w.]+)?)\n(.*?)^```", PAGE, re.M | re.S))
UNEDITED = {
    "py": "from twilio.rest import Client\nprint([call.status for call in Client().calls.list()])\n",
    "js": 'require("twilio")().calls.list().then((all) => console.log(JSON.stringify(all.map((c) => c.status))));\n',
}


@pytest.mark.parametrize("title", ["python", "python sitecustomize.py", "js", "js carrier.js"])
def test_a_program_of_the_page_asks_here(title: str, tmp_path: Path) -> None:
    language, _, before = title.partition(" ")
    ending = language.replace("python", "py")
    (tmp_path / (before or "before.txt")).write_text(BLOCKS[title], "utf-8")
    (tmp_path / f"app.{ending}").write_text(UNEDITED[ending] if before else BLOCKS[title], "utf-8")
    if ending == "js":
        need_node()
        (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    command = {"py": [sys.executable], "js": ["node", *(["--require", "./carrier.js"] if before else [])]}[ending]
    network, _ = carrier({"/v": "<Hangup/>"}, account_sid="AC" + "5" * 32)
    network.call(CALLER, NUMBER)
    network.run()
    with served(network.rest) as url:
        done = subprocess.run(
            [*command, f"app.{ending}"],
            cwd=tmp_path,
            env=environment(TWILIO_API_URL=url, PYTHONPATH=str(tmp_path)),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.replace("'", '"')) == ["completed"]


def test_the_page_names_every_resource() -> None:
    known = {part for route in ROUTES for part in route.path.split("/") if part and not part.startswith("<")}
    assert [name for name in known if name not in PAGE] == []
