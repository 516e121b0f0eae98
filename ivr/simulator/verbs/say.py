"""Say: words spoken by the carrier's voice.

https://www.twilio.com/docs/voice/twiml/say
"""

from __future__ import annotations

from ivr.simulator import ssml
from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program, Wait
from ivr.simulator.verb import Attribute, Verb, whole
from ivr.simulator.voice import cast, read_language, read_voice

LOOPS_MAX = 1000
TEXT_MAX, POLLY_TEXT_MAX = 4096, 3000
CHARACTERS_PER_S = {"en": 13.4, "de": 14.8, "sr": 12.4, "es": 12.9}
CHARACTERS_PER_S_ELSE = 13.4


def run(line: Line, task: Task) -> Program:
    """Speak the text `loop` times, each as long as it takes."""
    line.pick_up()
    spoken = ssml.spoken(task.element)
    for problem in spoken.problems:
        line.warn(problem)
    if not spoken.words:
        line.warn(Problem(13520, "<Say> has nothing to say: skipped"))
        return
    voice, language = cast(task.values["voice"], task.values["language"], line.network.voice)
    most = TEXT_MAX if voice in ("man", "woman", "alice") else POLLY_TEXT_MAX
    if len(spoken.words) > most:
        line.warn(Problem(13521, f"<Say> of {len(spoken.words)} characters (at most {most}): skipped"))
        return
    with line.doing("hearing"):
        for _ in range(task.values["loop"] or LOOPS_MAX):
            line.hear("say", spoken.words, language, voice)
            yield Wait(_length_s(line, spoken.words, language) + spoken.pause_s)


def _length_s(line: Line, words: str, language: str) -> float:
    return line.network.spoken_s(line, words, language) or seconds(words, language)


def seconds(words: str, language: str) -> float:
    """How long `words` take to say."""
    return len(words) / CHARACTERS_PER_S.get(language.partition("-")[0], CHARACTERS_PER_S_ELSE)


SAY = Verb(
    "Say",
    run,
    {
        "voice": Attribute(read_voice, None, 13511),
        "language": Attribute(read_language, None, 13512),
        "loop": whole(0, 1, 13510),
    },
    ssml.PARTS | ssml.OF_ONE_MAKER,
)
