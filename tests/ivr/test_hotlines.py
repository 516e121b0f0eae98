"""Publishing: the next call hears a change, a fault changes nothing, and a call stays on what it began with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.commands.joined import Joined
from ivr.hotlines import Hotlines, SameNumber
from ivr.menu.fault import MenuError
from ivr.store import Store, trees

MENUS = Path(__file__).parents[2] / "menus"
OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER, CALLED = "+4915112345678", "+18005550142"


@pytest.fixture(name="store")
def a_database(tmp_path: Path) -> Iterator[Store]:
    ids = count()
    store = Store(f"sqlite:///{tmp_path}/dialtree.db", lambda: OPEN, lambda: f"{next(ids):032x}")
    yield store
    store.close()


@pytest.fixture(name="menus")
def a_copy_of_the_menus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MENUS, tmp_path / "menus"))


def rewrite(menus: Path, old: str, new: str) -> None:
    path = menus / "acme" / "tree.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def what_a_caller_hears(joined: Joined) -> str:
    line = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: line.state == "gathering")
    return " ".join(heard.text for heard in line.heard)


def test_the_next_call_hears_a_change_and_a_call_in_progress_does_not(menus, tmp_path):
    joined = Joined(menus, OPEN, 1, tmp_path / "data")
    before = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: before.state == "gathering")
    rewrite(menus, "en: a complaint", "en: something that went wrong")
    assert "For something that went wrong, press 2." in what_a_caller_hears(joined)
    heard_so_far = len(before.heard)
    before.press("#")
    joined.network.advance(0)
    joined.network.run_until(lambda: before.state == "gathering")
    heard = " ".join(heard.text for heard in before.heard[heard_so_far:])
    assert "For a complaint, press 2." in heard
    assert "something that went wrong" not in heard
    joined.close()


def test_a_misspelt_target_leaves_the_running_hotline_untouched(menus, tmp_path, caplog):
    joined = Joined(menus, OPEN, 1, tmp_path / "data")
    rewrite(menus, "goto: order_number", "goto: ordernumber")
    assert "For a complaint, press 2." in what_a_caller_hears(joined)
    assert 'did you mean "order_number"' in caplog.text
    rewrite(menus, "goto: ordernumber", "goto: order_number")
    assert "For a complaint, press 2." in what_a_caller_hears(joined)
    joined.close()


def test_a_call_finds_its_version_again_after_a_restart_and_a_change(menus, tmp_path):
    joined = Joined(menus, OPEN, 1, tmp_path / "data")
    line = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: line.state == "gathering")
    rewrite(menus, "en: a complaint", "en: something that went wrong")
    joined.restart()
    heard_so_far = len(line.heard)
    line.press("#")
    joined.network.advance(0)
    joined.network.run_until(lambda: line.state == "gathering")
    heard = " ".join(heard.text for heard in line.heard[heard_so_far:])
    assert "For a complaint, press 2." in heard
    assert "something that went wrong" not in heard
    joined.close()


def test_the_same_files_are_the_same_version(menus, store):
    first, again = Hotlines(menus, store), Hotlines(menus, store)
    assert first.current()[0].version == again.current()[0].version
    with store.look() as tx:
        assert tx.connection.execute(select(func.count()).select_from(trees)).scalar() == 1


def test_a_hotline_that_is_wrong_from_the_start_is_not_served(menus, store):
    rewrite(menus, "goto: order_number", "goto: ordernumber")
    with pytest.raises(MenuError, match="ordernumber"):
        Hotlines(menus, store)


def test_a_hotline_that_is_broken_at_a_restart_goes_on_as_it_was_published(menus, tmp_path, caplog):
    joined = Joined(menus, OPEN, 1, tmp_path / "data")
    rewrite(menus, "goto: order_number", "goto: ordernumber")
    joined.restart()
    assert "For a complaint, press 2." in what_a_caller_hears(joined)
    assert "what was published before goes on" in caplog.text
    joined.close()


def test_what_editors_leave_in_the_folder_disturbs_no_call(menus, tmp_path):
    joined = Joined(menus, OPEN, 1, tmp_path / "data")
    (menus / "acme" / ".#tree.yaml").symlink_to("somebody@somewhere.1234:17")
    (menus / "acme" / ".tree.yaml").write_text("nodes: [", "utf-8")
    (menus / "acme" / "folder.yaml").mkdir()
    assert "For a complaint, press 2." in what_a_caller_hears(joined)
    (menus / "acme" / "tree.yaml").rename(menus / "acme" / "tree.yaml.away")
    assert "For a complaint, press 2." in what_a_caller_hears(joined)
    joined.close()


def test_two_hotlines_cannot_have_one_number(menus, store):
    shutil.copytree(menus / "acme", menus / "twin")
    path = menus / "twin" / "hotline.yaml"
    path.write_text(path.read_text("utf-8").replace("hotline: acme", "hotline: twin"), "utf-8")
    with pytest.raises(SameNumber, match=r"\+18005550142.* stands in acme and in twin"):
        Hotlines(menus, store)


def test_two_folders_cannot_be_one_hotline(menus, store):
    shutil.copytree(menus / "acme", menus / "copy")
    with pytest.raises(SameNumber, match=r"the hotline acme is in .*acme and in .*copy"):
        Hotlines(menus, store)


def test_a_folder_without_a_hotline_says_what_a_hotline_is(tmp_path, store):
    with pytest.raises(FileNotFoundError, match="a hotline is a folder with"):
        Hotlines(tmp_path / "menus", store)
