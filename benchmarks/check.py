"""Check: how long checking and linting a large hotline takes, beside PyYAML's C loader composing the same text.

All run in turns in one process, so that a busy machine slows all of them: the ratios mean something, the milliseconds
only here.
"""

from __future__ import annotations

import random
import statistics
import time

import click
import yaml

from ivr.lint.run import lint_hotline
from ivr.menu.hotline import examine

NODES = 2000
NODES_A_FILE = 250
ROUNDS = 7
THINGS = (
    ("oven", "Herd", "шпорет", "horno"), ("lamp", "Lampe", "лампу", "lámpara"), ("chair", "Stuhl", "столицу", "silla"),
    ("mirror", "Spiegel", "огледало", "espejo"), ("fridge", "Kühlschrank", "фрижидер", "nevera"),
    ("bed", "Bett", "кревет", "cama"), ("clock", "Uhr", "сат", "reloj"), ("shelf", "Regal", "полицу", "estante"),
)  # fmt: skip
SAID = {
    "en": ("This is the desk for", "a", "Please tell us about the"),
    "de": ("Hier geht es um", "Thema", "Bitte sprechen Sie über"),
    "sr": ("Овде је реч о", "тема", "Реците нам за"),
    "es": ("Aquí se trata de", "tema", "Díganos algo de"),
}


def words(dice: random.Random, part: int) -> str:
    """Words in four languages, on one line."""
    thing, number = dice.choice(THINGS), dice.randrange(1000)
    said = (f"{it}: {said[part]} {name} {number}" for (it, said), name in zip(SAID.items(), thing, strict=True))
    return "{" + ", ".join(said) + "}"


def hotline(nodes: int = NODES, seed: int = 4) -> dict[str, str]:
    """A hotline of so many nodes in four languages, as files: a tree of menus, and messages at its ends."""
    dice = random.Random(seed)  # noqa: S311 - a hotline that is the same each time
    blocks = []
    for number in range(nodes):
        targets = [f"n{child}" for child in range(3 * number + 1, 3 * number + 4) if child < nodes]
        if not targets:
            blocks.append(f"  n{number}:\n    record: {words(dice, 2)}\n    kind: question\n    then: goodbye\n")
            continue
        options = "".join(
            f'      "{key}": {{label: {words(dice, 1)}, goto: {target}}}\n'
            for key, target in enumerate([*targets, "operator"], 1)
        )
        asked = "    timeout_s: 10\n    pause_between_ms: 600\n"
        blocks.append(f"  n{number}:\n    menu: {words(dice, 0)}\n    options:\n{options}{asked}")
    head = (
        'hotline: large\nnumbers: ["+1 800 555 0142"]\nlanguages: [en, de, sr, es]\nstart: n0\n'
        "cases: {question: {label: {en: Question, de: Frage, sr: Питање, es: Pregunta}}}\n"
        "queues: {service: {max_wait_s: 180, overflow: goodbye}}\n"
        "nodes:\n  operator: {queue: service, kind: question}\n"
        "  goodbye: {end: {en: Goodbye., de: Auf Wiederhören., sr: Пријатно., es: Adiós.}}\n"
    )
    files = {"a_head.yaml": head}
    for first in range(0, nodes, NODES_A_FILE):
        files[f"tree_{first:05}.yaml"] = "nodes:\n" + "".join(blocks[first : first + NODES_A_FILE])
    return files


@click.command()
@click.option("--nodes", default=NODES, show_default=True, help="How large the hotline is.")
def main(nodes: int) -> None:
    """Time composing, checking and linting in turn, several times; tell the medians and their ratios."""
    files = hotline(nodes)
    times: dict[str, list[float]] = {"compose": [], "check": [], "check and lint": []}
    for _ in range(ROUNDS):
        for name, run in {
            "compose": lambda: [yaml.compose(text, Loader=yaml.CSafeLoader) for text in files.values()],
            "check": lambda: examine(files).tree,
            "check and lint": lambda: lint_hotline(files, profile="accessible").tree,
        }.items():
            start = time.perf_counter()
            assert run() is not None
            times[name].append(time.perf_counter() - start)
    base = statistics.median(times["compose"])
    size = sum(len(text.encode()) for text in files.values())
    click.echo(f"{nodes} nodes, 4 languages, {size // 1024} KiB")
    for name, taken in times.items():
        median = statistics.median(taken)
        click.echo(f"{name:<16} {median * 1000:7.0f} ms  {median / base:5.2f} x compose")


if __name__ == "__main__":
    main()
