"""Scripts and the keyboard with our own hotline: look-ups answered by the script, the tree with a mark in it, chaos."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.call import call
from ivr.commands.test import test as play_scripts
from ivr.simulator.sound import tone

HOTLINE = Path(__file__).parents[1] / "whole" / "hotline.yaml"
HEADER = "call from +4915112345678 to +498005550199 at 2026-11-23T10:00:00+01:00\n"
STEPS = "press 1\npress 471234\n"
SHOP = "answer http https://shop.example/orders/471234 "


@pytest.fixture(autouse=True)
def menus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "menus" / "whole").mkdir(parents=True)
    shutil.copy(HOTLINE, tmp_path / "menus" / "whole")
    (tmp_path / "menus" / "whole" / "recordings").mkdir()
    (tmp_path / "menus" / "whole" / "recordings" / "welcome.wav").write_bytes(tone(1.0))


def went(text):
    Path("a.call").write_text(HEADER + text)
    return CliRunner().invoke(play_scripts, ["a.call"])


def test_a_look_up_is_answered_by_the_script():
    order = '{"order": {"status": "shipped", "parcels": 3}}'
    result = went(f"{SHOP}200 {order}\n{STEPS}hear ~ 3 parcels are on their way\n")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("answer", ['404 {"order": {"status": "shipped", "parcels": 3}}', "200 <html>", "200 {}"])
def test_a_look_up_that_fails_in_the_script_takes_the_other_way(answer):
    result = went(f"{SHOP}{answer}\n{STEPS}hear ~ goodbye\n")
    assert result.exit_code == 0, result.output
    assert "parcels" not in result.output


def test_an_address_that_the_script_does_not_answer_fails_and_nobody_is_really_asked():
    result = went(f"answer http https://shop.example/orders/1 200 {{}}\n{STEPS}hear ~ goodbye\n")
    assert result.exit_code == 0, result.output


def test_chaos_and_seed_stand_in_a_script_and_it_repeats():
    text = "chaos duplicate=1,delay=1s..3s seed 7\npress 1\nhear ~ your order number\nhang up\n"
    Path("a.call").write_text(HEADER + text)
    one, other = (CliRunner().invoke(play_scripts, ["a.call", "-v", "--wire"]).output for _ in range(2))
    assert one.splitlines()[:-2] == other.splitlines()[:-2]  # the last two say how long it took, really
    assert one.count("/voice") > 3


def test_the_tree_is_shown_with_a_mark_where_the_call_is():
    result = CliRunner().invoke(call, ["--at", "2026-11-23T10:00:00+01:00"], input="t\n1\nt\nh\n")
    assert result.exit_code == 0, result.output
    marks = [line.split()[0] for line in result.output.splitlines() if "<- you are here" in line]
    assert marks == ["welcome", "order"]
