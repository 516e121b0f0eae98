"""The shelf of sounds fills itself, once."""

from __future__ import annotations

import threading
import wave
from pathlib import Path

from recordings.sounds import MAKERS, Sounds


def test_each_sound_is_a_file_that_telephones_play(tmp_path: Path) -> None:
    shelf = Sounds(tmp_path / "sounds")
    for name in MAKERS:
        path = shelf.path(name)
        assert path is not None
        with wave.open(str(path)) as reader:
            assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, 8000)


def test_a_sound_is_made_only_once(tmp_path: Path) -> None:
    first = Sounds(tmp_path).path("beep")
    assert first is not None
    made_at = first.stat().st_mtime_ns
    assert Sounds(tmp_path).path("beep") == first
    assert first.stat().st_mtime_ns == made_at


def test_a_shelf_that_was_emptied_fills_again(tmp_path: Path) -> None:
    shelf = Sounds(tmp_path)
    first = shelf.path("beep")
    assert first is not None
    first.unlink()
    assert shelf.path("beep") == first
    assert first.exists()


def test_a_name_that_stands_for_no_sound_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret-1.wav").write_bytes(b"secret")
    for name in ("", "secret", "../secret", "music-1", "Music", "/etc/passwd"):
        assert Sounds(tmp_path).path(name) is None


def test_two_who_ask_at_once_both_get_a_whole_file(tmp_path: Path) -> None:
    sizes: list[int] = []

    def ask() -> None:
        path = Sounds(tmp_path).path("beep")
        assert path is not None
        sizes.append(path.stat().st_size)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 8
    assert len(set(sizes)) == 1
