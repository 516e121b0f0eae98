"""Promise: the sentences about being called back, to the caller and later to whoever answers."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.phrase.aloud import groups_aloud

Sentences = Mapping[str, str]

_OFFER = {
    "en": "We can call you back at {number}. If that is right, press 1. For another number, press 2. "
    "If you want no call back, press 3.",
    "de": "Wir können Sie unter {number} zurückrufen. Wenn das richtig ist, drücken Sie die 1. Für eine andere Nummer "
    "drücken Sie die 2. Wenn Sie keinen Rückruf möchten, drücken Sie die 3.",
    "sr": "Можемо да вас позовемо на број {number}. Ако је то тачно, притисните 1. За други број притисните 2. "
    "Ако не желите да вас зовемо, притисните 3.",
    "es": "Podemos llamarle al {number}. Si es correcto, pulse 1. Para otro número, pulse 2. "
    "Si no quiere que le llamemos, pulse 3.",
}
_ASK = {
    "en": "Please enter the telephone number at which we can call you back, with its area code. When you are done, "
    "press pound.",
    "de": "Bitte geben Sie die Telefonnummer mit Vorwahl ein, unter der wir Sie zurückrufen können. Zum Abschluss "
    "drücken Sie die Rautetaste.",
    "sr": "Молимо вас, унесите број телефона са позивним бројем, на који можемо да вас позовемо. На крају притисните "
    "тарабу.",
    "es": "Introduzca el número de teléfono al que podemos llamarle, con su prefijo. Al terminar, pulse almohadilla.",
}
_CONFIRM = {
    "en": "We will call you at {number}. If that is right, press 1. To enter it again, press 2.",
    "de": "Wir rufen Sie unter {number} an. Wenn das richtig ist, drücken Sie die 1. Für eine neue Eingabe drücken Sie "
    "die 2.",
    "sr": "Позваћемо вас на број {number}. Ако је то тачно, притисните 1. За нови унос притисните 2.",
    "es": "Le llamaremos al {number}. Si es correcto, pulse 1. Para introducirlo de nuevo, pulse 2.",
}
_CANNOT = {
    "en": "I am sorry, we cannot call that number. Please enter another one, in your own country.",
    "de": "Diese Nummer können wir leider nicht anrufen. Bitte geben Sie eine andere in Ihrem Land ein.",
    "sr": "Жао нам је, тај број не можемо да позовемо. Молимо вас, унесите други број у својој земљи.",
    "es": "Lo sentimos, no podemos llamar a ese número. Introduzca otro de su país, por favor.",
}
_PROMISED = {
    "en": "We will call you back. You keep your place in line and can hang up now.",
    "de": "Wir rufen Sie zurück. Sie behalten Ihren Platz und können jetzt auflegen.",
    "sr": "Позваћемо вас. Ваше место у реду остаје и сада можете да прекинете везу.",
    "es": "Le llamaremos. Conserva su puesto en la fila y ya puede colgar.",
}
_HELLO = {
    "en": "Hello. You asked us to call you back. I am connecting you.",
    "de": "Guten Tag. Sie haben um einen Rückruf gebeten. Ich verbinde Sie.",
    "sr": "Добар дан. Тражили сте да вас позовемо. Повезујем вас.",
    "es": "Hola. Nos pidió que le llamáramos. Le paso.",
}
_ASKS = {
    "en": "Hello, this is {name}. You asked us to call you back, and somebody is free for you now. To talk, press 1.",
    "de": "Guten Tag, hier ist {name}. Sie haben um einen Rückruf gebeten, und jetzt ist jemand für Sie da. Um zu "
    "sprechen, drücken Sie die 1.",
    "sr": "Добар дан, зове вас {name}. Тражили сте да вас позовемо и сада је неко слободан за вас. За разговор "
    "притисните 1.",
    "es": "Hola, le llamamos de {name}. Nos pidió que le llamáramos y ahora hay alguien libre para atenderle. Para "
    "hablar, pulse 1.",
}
_SORRY = {
    "en": "I am sorry, nobody is free any more.",
    "de": "Es tut mir leid, jetzt ist doch niemand mehr frei.",
    "sr": "Жао нам је, сада ипак нико није слободан.",
    "es": "Lo sentimos, ya no hay nadie libre.",
}
_AGAIN = {
    "en": "We will call you again.",
    "de": "Wir rufen Sie noch einmal an.",
    "sr": "Позваћемо вас поново.",
    "es": "Le volveremos a llamar.",
}
_NOTED = {
    "en": "What you told us is noted, and somebody will look at it.",
    "de": "Was Sie uns gesagt haben, ist notiert, und jemand kümmert sich darum.",
    "sr": "Забележили смо шта сте нам рекли и неко ће се тиме позабавити.",
    "es": "Lo que nos ha dicho está anotado y alguien lo atenderá.",
}


def callback_offer(number: str, language: str) -> str:
    """The number they call from, written in its groups: yes 1, another number 2, no callback 3."""
    return _OFFER[language].format(number=groups_aloud(number))


def callback_ask(language: str) -> str:
    """Ask for a number to call back."""
    return _ASK[language]


def callback_confirm(number: str, language: str) -> str:
    """Read back the number that was entered: yes 1, again 2."""
    return _CONFIRM[language].format(number=groups_aloud(number))


def callback_cannot(language: str) -> str:
    """The number that was entered is none that we call."""
    return _CANNOT[language]


def callback_promised(language: str) -> str:
    """It is promised."""
    return _PROMISED[language]


def callback_hello(language: str) -> str:
    """Said to whoever answers when we call back."""
    return _HELLO[language]


def callback_asks(name: str, language: str) -> str:
    """Said to whoever answers when the caller is rung first: who calls, and 1 to talk."""
    return _ASKS[language].format(name=name)


def callback_sorry(language: str, again: bool) -> str:
    """The representative did not come: they are called `again`, or that was the last time and a case is made."""
    return f"{_SORRY[language]} {(_AGAIN if again else _NOTED)[language]}"
