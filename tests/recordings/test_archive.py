"""The archive keeps messages whole, under names of ours, closed to others - and nothing else."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recordings
from recordings.archive import Archive, NotKept
from recordings.tones import tone
from recordings.wav import RATE_HZ, wav

ID = "0123456789abcdef" * 2
OTHER = "f" * 32
MESSAGE = wav(tone((440,), 1.5))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "kept")


def files(archive_folder: Path) -> list[str]:
    return sorted(path.name for path in archive_folder.iterdir())


def test_a_message_comes_out_as_it_went_in(archive: Archive) -> None:
    kept = archive.keep(ID, MESSAGE)
    assert kept.length_s == pytest.approx(1.5)
    assert kept.size == len(MESSAGE)
    assert kept.digest == hashlib.sha256(MESSAGE).hexdigest()
    with archive.open(ID) as file:
        assert file.read() == MESSAGE


@pytest.mark.parametrize("content", [MESSAGE, io.BytesIO(MESSAGE), iter([MESSAGE[:100], MESSAGE[100:]])])
def test_a_message_may_come_in_pieces(archive: Archive, content: bytes) -> None:
    assert archive.keep(ID, content).size == len(MESSAGE)


def test_the_same_message_told_twice_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    first = archive.keep(ID, MESSAGE)
    assert archive.keep(ID, MESSAGE) == first
    assert files(tmp_path / "kept") == [f"{ID}.wav"]


def test_another_message_under_the_same_id_is_refused(archive: Archive) -> None:
    archive.keep(ID, MESSAGE)
    with pytest.raises(NotKept, match="already"):
        archive.keep(ID, wav(tone((500,), 1.5)))
    with archive.open(ID) as file:
        assert file.read() == MESSAGE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_nobody_else_may_look(archive: Archive, tmp_path: Path) -> None:
    archive.keep(ID, MESSAGE)
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "kept" / f"{ID}.wav").stat().st_mode) == 0o600


def test_a_deleted_message_is_gone(archive: Archive) -> None:
    archive.keep(ID, MESSAGE)
    assert archive.exists(ID)
    assert archive.delete(ID)
    assert not archive.exists(ID)
    assert not archive.delete(ID)
    with pytest.raises(FileNotFoundError):
        archive.open(ID)


REFUSED = {
    "not sound": b"<html>404 not found</html>",
    "nothing": b"",
    "cut off": MESSAGE[:-100],
    "too short": wav(tone((440,), 0.05)),
    "too long": wav(bytes(2 * RATE_HZ * 601)),
    "too large": MESSAGE + bytes(20_000_000),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_message_leaves_nothing_behind(archive: Archive, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotKept):
        archive.keep(ID, content)
    assert files(tmp_path / "kept") == []


def test_a_source_that_never_ends_is_left_in_time(archive: Archive) -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1_000_000
            yield bytes(1_000_000)

    with pytest.raises(NotKept, match="larger than 20 MB"):
        archive.keep(ID, endless())
    assert taken <= 22_000_000


def test_a_source_that_breaks_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    def breaking() -> object:
        yield MESSAGE[:100]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        archive.keep(ID, breaking())
    assert files(tmp_path / "kept") == []


def test_a_disk_that_fails_leaves_nothing_behind(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        archive.keep(ID, MESSAGE)
    assert files(tmp_path / "kept") == []


PATHS = [
    "",
    ".",
    "..",
    "../../etc/passwd",
    "..\\..\\windows",
    "/etc/passwd",
    "C:\\boot.ini",
    "%2e%2e%2f",
    "con",
    ID[:-1],
    ID + "0",
    ID.upper(),
    ID[:-1] + "\n",
    ID + "\n",
    ID[:-1] + "\0",
    ID[:-1] + "/",
    ID[:-1] + "é",
    "٠" * 32,
    "０" * 32,
    ID + ".wav",
    "../" + ID,
    "~" + ID[1:],
]


@pytest.mark.parametrize("name", PATHS)
def test_a_name_that_is_not_ours_reaches_no_file(archive: Archive, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.wav").write_bytes(MESSAGE)
    for act in (archive.open, archive.exists, archive.delete, lambda id_: archive.keep(id_, MESSAGE)):
        with pytest.raises(ValueError, match="32 hexadecimal digits"):
            act(name)
    assert files(tmp_path / "kept") == []


@given(st.text(max_size=40).filter(lambda text: not (len(text) == 32 and set(text) <= set("0123456789abcdef"))))
def test_no_other_text_is_an_id(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    archive = Archive(tmp_path_factory.getbasetemp() / "ids")
    with pytest.raises(ValueError, match="32 hexadecimal digits"):
        archive.exists(text)


def test_messages_never_lie_in_the_program(tmp_path: Path) -> None:
    package = Path(recordings.__file__).parent
    for folder in (package, package / "kept", package / ".." / "recordings" / "kept"):
        with pytest.raises(ValueError, match="part of the program"):
            Archive(folder)
    assert not (package / "kept").exists()
