"""A reader that goes before everything is said, as `head` does, is no fault that a command tells of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]


@pytest.mark.parametrize("command", ["demo", "states"])
def test_a_command_whose_reader_has_gone_ends_without_a_word(command: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    words = [sys.executable, "-m", "ivr", command]
    done = subprocess.run(words, cwd=HOUSE, stdout=writes, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_command_whose_reader_stays_says_everything() -> None:
    done = subprocess.run([sys.executable, "-m", "ivr", "states"], cwd=HOUSE, capture_output=True, check=True)
    assert done.stdout.decode().count("stateDiagram-v2") == done.stdout.decode().count("%% ") > 1
