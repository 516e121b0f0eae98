"""Sentences: what the engine itself says to callers and to those who answer, composed from labels and keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ivr.phrase.aloud import digits_aloud, locale_of, number_aloud, plural_form, time_aloud
from ivr.phrase.script import folded

Sentences = Mapping[str, str]

# What is pressed, in the case that follows the verb.
_PRESSED: Mapping[str, Sentences] = {
    "*": {"en": "star", "de": "die Sterntaste", "sr": "звездицу", "es": "asterisco"},
    "#": {"en": "pound", "de": "die Rautetaste", "sr": "тарабу", "es": "almohadilla"},
}
_DIGIT_PRESSED = {"en": "{}", "de": "die {}", "sr": "{}", "es": "{}"}

_OPTION = {
    "en": "For {label}, press {key}.",
    "de": "Für {label} drücken Sie {key}.",
    "sr": "За {label} притисните {key}.",
    "es": "Para {label}, pulse {key}.",
}
_LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "sr": "српски", "es": "español"}
_ASKED_FOR_A_PERSON = {
    "en": "representative; agent; operator; a person; a human; speak to a representative; help",
    "de": "mitarbeiter; ein mitarbeiter; ein mensch; mensch; zentrale; hilfe; mit einem menschen sprechen; berater",
    "sr": "сарадник; сарадника; оператер; оператера; човек; човека; помоћ",
    "es": "agente; un agente; operador; operadora; una persona; persona; ayuda; representante",
}
_A_PERSON = {
    language: frozenset(map(folded, sentences.split(";"))) for language, sentences in _ASKED_FOR_A_PERSON.items()
}
_HINTS = {
    "en": "To go back, press {back}. To hear this again, press {repeat}.",
    "de": "Zum Zurückgehen drücken Sie {back}, zum Wiederholen {repeat}.",
    "sr": "За повратак притисните {back}, а за понављање {repeat}.",
    "es": "Para volver atrás, pulse {back}. Para repetir, pulse {repeat}.",
}
# The same, one by one, for hotlines that do without some of these keys.
_HINT: Mapping[str, Sentences] = {
    "operator": {
        "en": "For a representative, press {key} at any time.",
        "de": "Für ein Gespräch mit uns drücken Sie jederzeit {key}.",
        "sr": "За разговор са сарадником у сваком тренутку притисните {key}.",
        "es": "Para hablar con un agente, pulse {key} en cualquier momento.",
    },
    "back": {
        "en": "To go back, press {key}.",
        "de": "Zum Zurückgehen drücken Sie {key}.",
        "sr": "За повратак притисните {key}.",
        "es": "Para volver atrás, pulse {key}.",
    },
    "repeat": {
        "en": "To hear this again, press {key}.",
        "de": "Zum Wiederholen drücken Sie {key}.",
        "sr": "За понављање притисните {key}.",
        "es": "Para repetir, pulse {key}.",
    },
    "end": {
        "en": "To end the call, press {key}.",
        "de": "Zum Beenden des Anrufs drücken Sie {key}.",
        "sr": "За крај позива притисните {key}.",
        "es": "Para terminar la llamada, pulse {key}.",
    },
}
_CONFIRM = {
    "en": "You entered {digits}. If that is right, press 1. To enter it again, press 2.",
    "de": "Sie haben {digits} eingegeben. Wenn das richtig ist, drücken Sie die 1. "
    "Für eine neue Eingabe drücken Sie die 2.",
    "sr": "Унели сте {digits}. Ако је то тачно, притисните 1. За нови унос притисните 2.",
    "es": "Ha introducido {digits}. Si es correcto, pulse 1. Para introducirlo de nuevo, pulse 2.",
}
_ENTRY_LENGTH = {
    "en": "Please enter {count}.",
    "de": "Bitte geben Sie {count} ein.",
    "sr": "Молимо вас, унесите {count}.",
    "es": "Introduzca {count}, por favor.",
}
_ENTRY_END = {
    "en": " When you are done, press {key}.",
    "de": " Zum Abschluss drücken Sie {key}.",
    "sr": " На крају притисните {key}.",
    "es": " Al terminar, pulse {key}.",
}
_ENTRY_WRONG = {
    "en": "This number does not look right. Please enter it once more.",
    "de": "Diese Nummer scheint nicht zu stimmen. Bitte geben Sie sie noch einmal ein.",
    "sr": "Овај број изгледа није исправан. Молимо вас, унесите га још једном.",
    "es": "Este número no parece correcto. Introdúzcalo otra vez, por favor.",
}
_COUNT = {
    "en": {"one": "{n} digit", "other": "{n} digits"},
    "de": {"one": "{n} Ziffer", "other": "{n} Ziffern"},
    "sr": {"one": "{n} цифру", "few": "{n} цифре", "other": "{n} цифара"},
    "es": {"one": "{n} cifra", "other": "{n} cifras"},
}
_RANGE = {"en": "{low} to {count}", "de": "{low} bis {count}", "sr": "од {low} до {count}", "es": "de {low} a {count}"}
# The first silence gives time; a later one says what was missed.
_SILENCE: Mapping[str, tuple[str, str]] = {
    "en": ("Take your time. I will say it once more.", "I did not notice a key. Here it is again."),
    "de": ("Lassen Sie sich Zeit. Ich sage es noch einmal.", "Es kam keine Taste an. Hier ist es noch einmal."),
    "sr": ("Не журите. Поновићу још једном.", "Ниједан тастер није стигао. Ево још једном."),
    "es": ("Tómese su tiempo. Se lo repito.", "No ha llegado ninguna tecla. Aquí lo tiene otra vez."),
}
_WRONG_KEY = {
    "en": "That key has no meaning here. These are the choices.",
    "de": "Diese Taste ist hier nicht belegt. Zur Wahl stehen:",
    "sr": "Тај тастер овде нема значење. Ово су могућности.",
    "es": "Esa tecla no tiene función aquí. Estas son las opciones.",
}
_NOT_UNDERSTOOD = {
    "en": "I did not understand that. You can say it again, or press a key.",
    "de": "Das habe ich nicht verstanden. Sie können es noch einmal sagen oder eine Taste drücken.",
    "sr": "Нисам вас разумео. Можете поновити или притиснути тастер.",
    "es": "No le he entendido. Puede repetirlo o pulsar una tecla.",
}
_SURVEY_WRONG_KEY = {
    "en": "Please press a key from {first} to {last}.",
    "de": "Bitte drücken Sie eine Taste von {first} bis {last}.",
    "sr": "Молимо вас, притисните тастер од {first} до {last}.",
    "es": "Pulse una tecla de {first} a {last}, por favor.",
}
_SURVEY_YES_NO = {
    "en": "Please press {first} for yes or {last} for no.",
    "de": "Bitte drücken Sie die {first} für Ja oder die {last} für Nein.",
    "sr": "Молимо вас, притисните {first} за да или {last} за не.",
    "es": "Pulse {first} para sí o {last} para no, por favor.",
}
_NOTHING_HEARD = {
    "en": "I could not hear anything. Please speak after the tone.",
    "de": "Es war nichts zu hören. Bitte sprechen Sie nach dem Signalton.",
    "sr": "Ништа се није чуло. Молимо вас, говорите после звучног сигнала.",
    "es": "No se ha oído nada. Hable después de la señal, por favor.",
}
_NO_MESSAGE = {
    "en": "No message was left. You are welcome to call again. Goodbye.",
    "de": "Es wurde keine Nachricht hinterlassen. Sie können gern wieder anrufen. Auf Wiederhören.",
    "sr": "Порука није остављена. Слободно нас позовите поново. Довиђења.",
    "es": "No se ha dejado ningún mensaje. Puede volver a llamar cuando quiera. Adiós.",
}
_POSITION_FIRST = {
    "en": "You are next in line.",
    "de": "Sie sind als Nächstes an der Reihe.",
    "sr": "Ви сте следећи на реду.",
    "es": "Usted es el siguiente.",
}
_POSITION = {
    "en": "You are number {n} in line.",
    "de": "Sie sind auf Platz {n} der Warteschlange.",
    "sr": "Ваше место у реду је {n}.",
    "es": "Ocupa el puesto {n} en la fila.",
}
_WAIT = {
    "en": {"one": "The wait is about {n} minute.", "other": "The wait is about {n} minutes."},
    "de": {"one": "Die Wartezeit beträgt etwa {n} Minute.", "other": "Die Wartezeit beträgt etwa {n} Minuten."},
    "sr": {
        "one": "Чекаћете отприлике {n} минут.",
        "few": "Чекаћете отприлике {n} минута.",
        "other": "Чекаћете отприлике {n} минута.",
    },
    "es": {
        "one": "La espera es de aproximadamente {n} minuto.",
        "other": "La espera es de aproximadamente {n} minutos.",
    },
}
_MINUTES_ARE = {"en": "m", "de": "f", "sr": "m", "es": "m"}
_NOBODY_YET = {
    "en": "Nobody is free just yet. You keep your place in line.",
    "de": "Im Augenblick ist noch niemand frei. Sie behalten Ihren Platz.",
    "sr": "Тренутно још нико није слободан. Ваше место у реду остаје.",
    "es": "Todavía no hay nadie libre. Conserva su puesto en la fila.",
}
_PLEASE_HOLD = {
    "en": "Please hold, I am putting you through to a representative.",
    "de": "Bitte bleiben Sie dran, ich verbinde Sie mit einem Menschen.",
    "sr": "Молимо вас, останите на вези, повезујем вас са сарадником.",
    "es": "No cuelgue, por favor, le paso con un agente.",
}
_MOMENT = {
    "en": "One moment, please.",
    "de": "Einen Augenblick, bitte.",
    "sr": "Тренутак, молим.",
    "es": "Un momento, por favor.",
}
_CONNECTING = {
    "en": "Please hold, I am connecting you.",
    "de": "Bitte bleiben Sie dran, ich verbinde Sie.",
    "sr": "Молимо вас, останите на вези, повезујем вас.",
    "es": "No cuelgue, por favor, le paso.",
}
_EMERGENCY = {
    "en": "We are sorry: something unforeseen has happened, and we cannot answer as usual just now.",
    "de": "Es tut uns leid: Etwas Unvorhergesehenes ist geschehen, und wir sind gerade nicht wie sonst erreichbar.",
    "sr": "Жао нам је: десило се нешто непредвиђено и тренутно не можемо да се јављамо као обично.",
    "es": "Lo sentimos: ha ocurrido un imprevisto y en este momento no podemos atenderle como de costumbre.",
}
_APOLOGY = {
    "en": "We are sorry: something is not working on our side. Please stay on the line. If nobody answers, leave "
    "your name and number after the tone and we will call you back.",
    "de": "Es tut uns leid: Bei uns funktioniert gerade etwas nicht. Bitte bleiben Sie dran. Wenn niemand abnimmt, "
    "hinterlassen Sie nach dem Signalton Name und Nummer, und wir rufen Sie zurück.",
    "sr": "Жао нам је: код нас нешто не ради. Молимо вас, останите на вези. Ако се нико не јави, после звучног сигнала "
    "оставите име и број и позваћемо вас.",
    "es": "Lo sentimos: algo no funciona por nuestra parte. No cuelgue, por favor. Si nadie contesta, deje su nombre "
    "y su número después de la señal y le devolveremos la llamada.",
}
_PRESS_TO_ACCEPT = {
    "en": "A caller is waiting for you. To take the call, press 1.",
    "de": "Für Sie wartet ein Anruf. Zum Annehmen drücken Sie die 1.",
    "sr": "Чека вас позив. За преузимање позива притисните 1.",
    "es": "Tiene una llamada en espera. Para aceptarla, pulse 1.",
}
_PRESS_TO_ADVISE = {
    "en": "A colleague would like to ask you about a caller. To talk to them, press 1.",
    "de": "Jemand aus Ihrem Team möchte Sie zu einem Anruf etwas fragen. Zum Annehmen drücken Sie die 1.",
    "sr": "Неко из вашег тима жели да вас пита о једном позиву. За разговор притисните 1.",
    "es": "Alguien de su equipo quiere consultarle sobre una llamada. Para hablar, pulse 1.",
}
_LATER = {"en": "soon", "de": "bald", "sr": "ускоро", "es": "pronto"}


def option(label: str, key: str, language: str) -> str:
    """What a key means: first what, then the key."""
    return _OPTION[language].format(label=label, key=_pressed(key, language))


def language_switch(language: str, key: str) -> str:
    """The key that changes to `language`, said in that language."""
    return option(_LANGUAGE_NAMES[language], key, language)


def hints(operator: str | None, back: str | None, repeat: str | None, language: str, end: str | None = None) -> str:
    """The keys that mean the same everywhere; None: there is no key for it, or nobody is there to be asked for."""
    keys = {"operator": operator, "back": back, "repeat": repeat, "end": end}
    named = {name: _pressed(key, language) for name, key in keys.items() if key}
    said = {name: _HINT[name][language].format(key=key) for name, key in named.items()}
    if back and repeat:
        said["back"] = _HINTS[language].format(**named)
        del said["repeat"]
    return " ".join(said.values())


def confirm_digits(digits: str, language: str) -> str:
    """Read back what was entered and ask whether it is right: yes 1, no 2."""
    return _CONFIRM[language].format(digits=digits_aloud(digits, language))


def entry_length(low: int, high: int, language: str, end_key: str | None = "#") -> str:
    """How many digits are to be entered, and which key ends the entry where their number is open."""
    count = _plural(_COUNT, high, language).format(n=high)
    if low == high:
        return _ENTRY_LENGTH[language].format(count=count)
    range_of = _RANGE[language].format(low=low, count=count)
    ending = _ENTRY_END[language].format(key=_pressed(end_key, language)) if end_key else ""
    return _ENTRY_LENGTH[language].format(count=range_of) + ending


def entry_wrong(language: str) -> str:
    """As many digits as there should be, but not these."""
    return _ENTRY_WRONG[language]


def silence(language: str, attempt: int) -> str:
    """What is said before repeating when nothing came; `attempt` counts from 1."""
    return _SILENCE[language][0 if attempt <= 1 else 1]


def wrong_key(language: str) -> str:
    """What is said when a key means nothing here; blames nobody."""
    return _WRONG_KEY[language]


def not_understood(language: str) -> str:
    """What is said when what was spoken fits no option, or several."""
    return _NOT_UNDERSTOOD[language]


def survey_wrong_key(first: str, last: str, language: str) -> str:
    """The keys that answer a survey question: two mean yes and no, more are a scale."""
    sentences = _SURVEY_YES_NO if (first, last) == ("1", "2") else _SURVEY_WRONG_KEY
    return sentences[language].format(first=first, last=last)


def nothing_heard(language: str) -> str:
    """A message was to be left and none came."""
    return _NOTHING_HEARD[language]


def no_message(language: str) -> str:
    """The end of a call that was to leave a message and left none."""
    return _NO_MESSAGE[language]


def position(n: int, language: str) -> str:
    """The place in line, counted from 1."""
    return _POSITION_FIRST[language] if n <= 1 else _POSITION[language].format(n=n)


def wait_minutes(n: int, language: str) -> str:
    """The expected wait in whole minutes, at least 1."""
    return _plural(_WAIT, n, language).format(n=number_aloud(n, language, _MINUTES_ARE[language]))


def nobody_yet(language: str) -> str:
    """Still waiting, and no estimate has a basis."""
    return _NOBODY_YET[language]


def please_hold(language: str) -> str:
    """On the way to a person."""
    return _PLEASE_HOLD[language]


def moment(language: str) -> str:
    """A short wait of seconds."""
    return _MOMENT[language]


def connecting(language: str) -> str:
    """On the way to somebody at another number."""
    return _CONNECTING[language]


def emergency(language: str) -> str:
    """The emergency switch is on, and nobody wrote what to say then."""
    return _EMERGENCY[language]


def apology(language: str) -> str:
    """Something here is broken; somebody is dialled next, and after that a message can be left."""
    return _APOLOGY[language]


def press_to_accept(language: str) -> str:
    """Said to a representative whose telephone was rung."""
    return _PRESS_TO_ACCEPT[language]


def press_to_advise(language: str) -> str:
    """The same where it is a colleague who asks."""
    return _PRESS_TO_ADVISE[language]


def later(language: str) -> str:
    """When no next opening is known; fits where `next_opening` fits."""
    return _LATER[language]


def next_opening(at: datetime, now: datetime, language: str) -> str:
    """When somebody is there again, as part of a sentence ("We are back ..."); both in the office's local time."""
    days = (at.date() - now.date()).days
    return _day(at, days, language) + time_aloud(at, language)


def _pressed(key: str, language: str) -> str:
    return _PRESSED[key][language] if key in _PRESSED else _DIGIT_PRESSED[language].format(key)


def _plural(forms: Mapping[str, Sentences], n: int, language: str) -> str:
    of_language = forms[language]
    return of_language.get(plural_form(n, language), of_language["other"])


_SR_ON_WEEKDAY = ("понедељак", "уторак", "среду", "четвртак", "петак", "суботу", "недељу")
_SR_OF_MONTH = (
    "јануара", "фебруара", "марта", "априла", "маја", "јуна",
    "јула", "августа", "септембра", "октобра", "новембра", "децембра",
)  # fmt: skip


# Today, tomorrow, within a week, later.
_DAY: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("today ", "tomorrow, {weekday}, ", "on {weekday} ", "on {weekday}, {month} {day}, "),
    "de": ("heute ", "morgen, {weekday}, ", "am {weekday} ", "am {weekday}, dem {day}. {month}, "),
    "sr": ("данас ", "сутра, у {weekday}, ", "у {weekday} ", "у {weekday}, {day}. {month}, "),
    "es": ("hoy ", "mañana, {weekday}, ", "el {weekday} ", "el {weekday}, {day} de {month}, "),
}


def _day(at: datetime, days: int, language: str) -> str:
    locale = locale_of(language)
    weekday, month = locale.days["format"]["wide"][at.weekday()], locale.months["format"]["wide"][at.month]
    if language == "sr":
        weekday, month = _SR_ON_WEEKDAY[at.weekday()], _SR_OF_MONTH[at.month - 1]
    form = _DAY[language][0 if days <= 0 else 1 if days == 1 else 2 if days < 7 else 3]
    return form.format(weekday=weekday, month=month, day=at.day)


def language_name(language: str) -> str:
    """What a language calls itself."""
    return _LANGUAGE_NAMES[language]


def wants_a_person(said: str, language: str) -> bool:
    """Whether somebody who may speak asks for a person, and for nothing else."""
    return folded(said) in _A_PERSON[language]
