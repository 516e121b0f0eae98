"""Asking: the sentences around a survey that is asked later - that it will be, who calls, and what the text says."""

from __future__ import annotations

from collections.abc import Mapping

Sentences = Mapping[str, str]

_LATER: Mapping[str, Sentences] = {
    "call_back": {
        "en": "We would like to know how you were served. We will call you for a few short questions; you may say no "
        "then.",
        "de": "Wir möchten wissen, wie wir Sie bedient haben. Dafür rufen wir Sie noch einmal an und stellen ein paar "
        "kurze Fragen; Sie können dann ablehnen.",
        "sr": "Желимо да знамо како смо вас услужили. Позваћемо вас ради неколико кратких питања; тада можете да "
        "одбијете.",
        "es": "Nos gustaría saber cómo le hemos atendido. Le llamaremos para hacerle unas preguntas breves; entonces "
        "podrá decir que no.",
    },
    "link": {
        "en": "We would like to know how you were served. We will send you a text message with a few short questions; "
        "you need not answer.",
        "de": "Wir möchten wissen, wie wir Sie bedient haben. Dafür schicken wir Ihnen eine Textnachricht mit ein paar "
        "kurzen Fragen; Sie müssen nicht antworten.",
        "sr": "Желимо да знамо како смо вас услужили. Послаћемо вам поруку са неколико кратких питања; не морате да "
        "одговорите.",
        "es": "Nos gustaría saber cómo le hemos atendido. Le enviaremos un mensaje de texto con unas preguntas breves; "
        "no tiene que contestar.",
    },
}
_HELLO = {
    "en": "Hello, this is {name}. You have talked with us, and we would like to ask you a few short questions about "
    "it. It takes about a minute. If you are willing, press 1. If not, press 2.",
    "de": "Guten Tag, hier ist {name}. Sie haben mit uns gesprochen, und wir möchten Ihnen dazu ein paar kurze Fragen "
    "stellen. Es dauert etwa eine Minute. Wenn Sie einverstanden sind, drücken Sie die 1. Wenn nicht, die 2.",
    "sr": "Добар дан, овде {name}. Разговарали сте са нама и желимо да вам поставимо неколико кратких питања о томе. "
    "То траје око један минут. Ако пристајете, притисните 1. Ако не, притисните 2.",
    "es": "Hola, le llamamos de {name}. Ha hablado con nosotros y nos gustaría hacerle unas preguntas breves sobre "
    "ello. Dura más o menos un minuto. Si está de acuerdo, pulse 1. Si no, pulse 2.",
}
_DECLINED = {
    "en": "Thank you all the same. Goodbye.",
    "de": "Trotzdem vielen Dank. Auf Wiederhören.",
    "sr": "Хвала у сваком случају. Пријатно.",
    "es": "Gracias de todos modos. Adiós.",
}
_TEXT = {
    "en": "{name}: Thank you for your call. How were you served? A few short questions, about a minute: {link}",
    "de": "{name}: Danke für Ihren Anruf. Wie haben wir Sie bedient? Ein paar kurze Fragen, etwa eine Minute: {link}",
    "sr": "{name}: Хвала на позиву. Како смо вас услужили? Неколико кратких питања, око један минут: {link}",
    "es": "{name}: Gracias por su llamada. ¿Cómo le hemos atendido? Unas preguntas breves, un minuto: {link}",
}

_WROTE = {
    "en": "{name}: Thank you for writing to us. How were you served? A few short questions, about a minute: {link}",
    "de": "{name}: Danke für Ihre Nachricht. Wie haben wir Sie bedient? Ein paar kurze Fragen, etwa eine Minute: "
    "{link}",
    "sr": "{name}: Хвала што сте нам писали. Како смо вас услужили? Неколико кратких питања, око један минут: {link}",
    "es": "{name}: Gracias por escribirnos. ¿Cómo le hemos atendido? Unas preguntas breves, un minuto: {link}",
}
_CAME = {
    "en": "{name}: Thank you for your visit. How were you served? A few short questions, about a minute: {link}",
    "de": "{name}: Danke für Ihren Besuch. Wie haben wir Sie bedient? Ein paar kurze Fragen, etwa eine Minute: {link}",
    "sr": "{name}: Хвала на посети. Како смо вас услужили? Неколико кратких питања, око један минут: {link}",
    "es": "{name}: Gracias por su visita. ¿Cómo le hemos atendido? Unas preguntas breves, un minuto: {link}",
}
_SUBJECT = {
    "en": "How were you served?",
    "de": "Wie haben wir Sie bedient?",
    "sr": "Како смо вас услужили?",
    "es": "¿Cómo le hemos atendido?",
}


def survey_later(way: str, language: str) -> str:
    """That the survey will come, by a call (`call_back`) or a text message (`link`)."""
    return _LATER[way][language]


def survey_hello(name: str, language: str) -> str:
    """Said to whoever answers: who calls, why, how long it takes; yes 1, no 2. A mailbox presses nothing."""
    return _HELLO[language].format(name=name)


def survey_declined(language: str) -> str:
    """They would rather not."""
    return _DECLINED[language]


def survey_text(name: str, link: str, language: str) -> str:
    """The text message with the link."""
    return _TEXT[language].format(name=name, link=link)


def survey_asks(name: str, link: str, language: str, visit: bool) -> str:
    """What is sent with the link to somebody who wrote, or who came."""
    return (_CAME if visit else _WROTE)[language].format(name=name, link=link)


def survey_subject(language: str) -> str:
    """The subject of the e-mail with the link."""
    return _SUBJECT[language]
