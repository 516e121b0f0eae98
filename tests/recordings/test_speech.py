"""Speech: what is shipped is spoken without an engine, anything with one - in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from array import array
from importlib.util import find_spec
from pathlib import Path

import pytest

from recordings import speech
from recordings.mulaw import wav as mulaw_wav
from recordings.speech import Speaker, name_of, speak_beforehand, voice_of
from recordings.wav import HEADER_BYTES, read_header

HOUSE = Path(__file__).parents[2]
TEXTS = {
    "en-US": "For a complaint, press 2.",
    "de-DE": "Für eine Beschwerde drücken Sie die 2.",
    "sr-RS": "За жалбу притисните 2.",
    "es-ES": "Para una reclamación, pulse 2.",
}
needs_engine = pytest.mark.skipif(
    find_spec("espeakng_loader") is None, reason="the optional extra `speech` is not here"
)


@pytest.fixture
def speaker(tmp_path):
    speaker = Speaker(tmp_path)
    yield speaker
    speaker.close()


def test_without_an_engine_only_what_is_on_the_shelf_is_spoken(tmp_path):
    sound = mulaw_wav(bytes(8000))
    (tmp_path / name_of("Hello.", "en-us")).write_bytes(sound)
    speaker = Speaker(tmp_path, engine="no_such_engine")
    assert speaker.wav("Hello.", "en-US") == speaker.wav("Hello.", "en") == sound
    assert speaker.wav("Hello.", "en-US", slower=True) is None
    assert speaker.wav("Something else.", "en-US") is None
    assert speaker.wav("Hello.", "de-DE") is None
    assert not speaker.speaks_anything


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en-GB", "en-us"), ("", "en-us"), ("es-MX", "es-419"), ("es-ES", "es"), ("sr-RS", "sr"), ("fr", "fr")],
)
def test_a_language_has_a_voice(language, voice):
    assert voice_of(language) == voice


@needs_engine
@pytest.mark.parametrize("language", TEXTS)
def test_each_language_is_spoken_and_slower_takes_longer(speaker, language):
    sound = speaker.wav(TEXTS[language], language)
    samples = array("h", sound[HEADER_BYTES:])
    assert 1.0 < read_header(sound).length_s < 5.0
    assert max(map(abs, samples)) < 32_700  # not clipped
    assert sum(sample * sample for sample in samples) / len(samples) > 500**2
    assert (
        read_header(speaker.wav(TEXTS[language], language, slower=True)).length_s > read_header(sound).length_s * 1.15
    )


@needs_engine
def test_both_serbian_alphabets_sound_alike(speaker):
    cyrillic, latin = speaker.wav("Добро дошли, џез и љубав.", "sr"), speaker.wav("Dobro došli, džez i ljubav.", "sr")
    assert len(cyrillic) == pytest.approx(len(latin), rel=0.01)  # the engine's own noise makes no two quite alike


@needs_engine
def test_what_was_spoken_once_is_the_same_when_asked_for_again(speaker):
    first = speaker.wav("Hello.", "en")
    speaker.wav("Good bye.", "en")
    assert speaker.wav("Hello.", "en") is first


@needs_engine
def test_what_cannot_be_spoken_is_none_and_the_next_text_is_spoken(speaker):
    assert speaker.wav("Tere.", "xx-XX") is None
    assert speaker.wav("", "en") is None
    assert speaker.wav("a" * 5000, "en") is None
    assert speaker.wav('"]}\n<speak> [[h@l@U]] \\', "en")
    assert speaker.wav("Hello.", "en")


@needs_engine
def test_an_engine_that_dies_is_started_again_and_not_for_ever(speaker):
    for n in range(speech.FAILURES_MAX):
        assert speaker.wav(f"Number {n}.", "en")
        speaker._process.kill()
        speaker._process.wait()
        assert speaker.wav(f"Lost {n}.", "en") is None
    assert not speaker.speaks_anything
    assert speaker.wav("Nobody speaks.", "en") is None


@needs_engine
def test_what_is_spoken_beforehand_is_small_complete_and_no_more_than_is_said(speaker, tmp_path):
    said = [(text, language) for language, text in TEXTS.items()]
    (tmp_path / "0123.wav").write_bytes(b"said no more")
    files, size = speak_beforehand(speaker, said, tmp_path)
    assert (files, len(list(tmp_path.iterdir()))) == (4, 4)
    assert size < 4 * 40_000
    silent = Speaker(tmp_path, engine="no_such_engine")
    assert all(silent.wav(text, language) for text, language in said)


def test_nothing_can_be_spoken_beforehand_without_an_engine(tmp_path):
    with pytest.raises(ValueError, match='the extra "speech" is needed'):
        speak_beforehand(Speaker(tmp_path, engine="no_such_engine"), [("Hello.", "en")], tmp_path)


def test_the_engine_is_never_loaded_into_this_program():
    told = "import sys, recordings.speech as s; w = s.Speaker().wav('Hello.', 'en'); print(w is None, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert "espeak" not in done.stdout
    sources = [path for folder in ("ivr", "routing", "recordings") for path in (HOUSE / folder).rglob("*.py")]
    naming = {path.name for path in sources if "import espeakng_loader" in path.read_text("utf-8")}
    assert naming == {"espeak.py"}
    assert not [path for path in sources if "recordings.espeak" in path.read_text("utf-8")]
