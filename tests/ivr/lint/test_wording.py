"""Turns of phrase in four languages: what is found in them, and what only looks like it."""

from __future__ import annotations

import json

import pytest

from ivr.lint.run import lint_hotline
from tests.ivr.lint.around import around

FOUND = """
P201 en Press 1 for orders.
P201 en Dial 2 to hear your balance.
P201 de Drücken Sie die 1 für Bestellungen.
P201 de Wählen Sie bitte die 2, um einen Rückruf zu bekommen.
P201 sr Притисните 1 за поруџбине.
P201 es Pulse 1 para pedidos.
P201 es Marque el 2 si llama por una factura.
P205 en All our representatives are currently busy.
P205 en Due to high call volume the wait is longer.
P205 de Ihr Anruf ist uns wichtig.
P205 de Alle unsere Mitarbeiter befinden sich zurzeit im Gespräch.
P205 sr Ваш позив нам је важан.
P205 sr Сви наши оператери су тренутно заузети.
P205 es Su llamada es muy importante para nosotros.
P205 es Agradecemos su paciencia.
P206 en Visit www.acme.example for answers.
P206 de Vieles finden Sie auf unserer Webseite.
P206 sr Одговоре ћете наћи на нашем сајту.
P206 es Visite nuestra página web.
P207 de Für uns wählen Sie die 1.
P207 sr За нас укуцајте 1.
P207 es Para pedidos, teclee 1.
P208 en That was an invalid entry.
P208 de Diese Eingabe ist ungültig.
P208 sr Притиснули сте погрешан тастер.
P208 es Opción incorrecta.
P210 en Please listen carefully to the following.
P210 de Unser Menü hat sich geändert.
P210 sr Молимо вас, слушајте пажљиво.
P210 es Escuche con atención las opciones.
P211 en Bring your passport and/or licence.
P211 de Das gilt z.B. für Lampen.
P211 sr Позовите нас, нпр. сутра.
P211 es Son aprox. dos minutos.
P211 en Thank you ☎
P212 de Ihre Retoure ist angekommen.
P212 sr Ваш тикет је затворен.
P212 es Su ticket está abierto.
P213 de Sie erreichen uns unter 030 555 0199.
P213 sr Пишите нам на info.acme.rs одмах.
Q409 en A representative answers in 40 seconds.
Q409 de Die Wartezeit beträgt 7 Minuten.
Q409 sr Чекаћете 40 секунди.
Q409 es Le atenderemos en 3 minutos.
H505 de Wegen eines Streiks dauert es länger.
H505 sr Привремено нисмо у канцеларији.
H505 es Cerramos en Navidad.
L303 en For Spanish, press 9.
L303 de Für Englisch drücken Sie die 9.
L303 sr За енглески притисните 9.
L303 es Para alemán, pulse 9.
L304 en Bitte warten Sie auf den nächsten freien Menschen.
L304 de Please wait for the next person to be with you.
L304 sr Sačekajte da se neko javi.
L304 sr Please wait for us.
L304 es Please wait for the next person to be with you.
L304 de Молимо вас, сачекајте.
Y010 de Bitte wаrten.
Y010 sr Сачeкајте.
"""

LET_BE = """
P201 en For orders, press 1.
P201 en For yes, press 1, for no 2.
P201 de Für Ja drücken Sie die 1, für Nein die 2.
P201 sr За да притисните 1, за не 2.
P201 es Para sí pulse 1, para no el 2.
P201 en How were you treated? Press a key from 1, very badly, to 5, very well.
P201 de Für Bestellungen drücken Sie die 1. Für Fragen drücken Sie die 2.
P201 de Zum Beenden drücken Sie eine beliebige Taste.
P201 sr За поруџбине притисните 1. За питања притисните 2.
P201 es Para sí, pulse 1. Para no, pulse 2.
P205 en Please say what is important to you.
P205 de Nennen Sie das Wichtigste zuerst.
P206 en You have reached Acme.
P207 en Please enter your number.
P207 de Sie können zwischen zwei Wegen wählen.
P208 en We are sorry that something went wrong.
P208 de Es tut uns leid, dass etwas schiefgegangen ist.
P208 sr Жао нам је што нешто није у реду.
P210 en These are the choices.
P211 en Have your ID ready.
P211 de Das ist gut.
P211 es Díganos la marca. Gracias.
P213 en Have a pen ready. The number is 030 555 0199. Once more, 030 555 0199.
P213 en Your number is {caller_number}.
Q409 en The wait is about 3 minutes.
Q409 en You wait less than 40 seconds.
Q409 de Es dauert etwa 7 Minuten.
Q409 sr Чекаћете отприлике 3 минута.
Q409 es Le atenderemos en unos 3 minutos.
H505 en Because of a strike it takes longer until 5 May.
L303 en For an order, press 9.
L304 en Please wait for the next person.
L304 en We will play Das Boot and Die Zeit for you and your family.
L304 de Das ist für die Lampe und den Tisch.
L304 sr Добро дошли у IKEA.
L304 es Espere a que le atiendan, por favor.
L304 sr Позовите Acme Household сутра ујутру.
L304 de Der Service ist für Sie da.
Y010 sr Сачекајте.
"""


def codes(language: str, phrase: str) -> set[str]:
    example = f"languages: [{language}]\nnodes:\n  person:\n    say: {json.dumps(phrase, ensure_ascii=False)}\n"
    return {fault.code for fault in lint_hotline(around(f"{example}    queue: service\n    kind: question\n")).faults}


def lines(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(" ", 2)) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("id", "language", "phrase"), lines(FOUND))
def test_it_is_found(id: str, language: str, phrase: str) -> None:
    assert id in codes(language, phrase)


@pytest.mark.parametrize(("id", "language", "phrase"), lines(LET_BE))
def test_what_only_looks_like_it_is_let_be(id: str, language: str, phrase: str) -> None:
    assert id not in codes(language, phrase)
