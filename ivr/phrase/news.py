"""News: what those who wait are told besides their place - how many wait at least, and why it takes longer now."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.phrase.aloud import number_aloud

_MORE_THAN = {
    "en": "More than {n} callers are waiting before you.",
    "de": "Vor Ihnen warten mehr als {n} Anrufer.",
    "sr": "Пре вас чека више од {n} позивалаца.",
    "es": "Hay más de {n} llamadas antes que la suya.",
}
_WHY_LONGER: Mapping[str, Mapping[str, str]] = {
    "place": {
        "en": "Your place has changed, because calls that must be answered first have come in.",
        "de": "Ihr Platz hat sich geändert, weil Anrufe gekommen sind, die zuerst angenommen werden müssen.",
        "sr": "Ваше место се променило јер су стигли позиви на које се мора одговорити прво.",
        "es": "Su puesto ha cambiado, porque han entrado llamadas que deben atenderse antes.",
    },
    "agents": {
        "en": "It takes longer than we said, because fewer representatives are there now.",
        "de": "Es dauert länger als angesagt, weil jetzt weniger Mitarbeitende da sind.",
        "sr": "Траје дуже него што смо рекли јер је сада мање сарадника на послу.",
        "es": "Tarda más de lo anunciado, porque ahora hay menos agentes.",
    },
    "talks": {
        "en": "It takes longer than we said, because conversations take longer than usual.",
        "de": "Es dauert länger als angesagt, weil die Gespräche länger dauern als sonst.",
        "sr": "Траје дуже него што смо рекли јер разговори трају дуже него обично.",
        "es": "Tarda más de lo anunciado, porque las conversaciones duran más de lo habitual.",
    },
}


def more_than(n: int, language: str) -> str:
    """So many wait before them, and more."""
    return _MORE_THAN[language].format(n=number_aloud(n, language))


def why_longer(why: str, language: str) -> str:
    """Why a place or a wait got worse: `place`, `agents` or `talks`."""
    return _WHY_LONGER[why][language]
