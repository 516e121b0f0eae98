"""Terms: words and turns of phrase that make callers stumble, by language, each found by a stem it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.menu.tree import Option


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule looks for in one language. `stems`: one of them, in small letters, stands in everything found."""

    stems: tuple[str, ...]
    pattern: re.Pattern[str]


ByLanguage = Mapping[str, Terms]


def terms(stems: str, pattern: str) -> Terms:
    """Terms by stems, parted by `|`, and a pattern in which letters' case means nothing."""
    return Terms(tuple(stems.split("|")), re.compile(pattern, re.IGNORECASE))


_KEY = {
    "en": r"(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)",
    "de": r"(?:die )?(?:\d|null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|Sterntaste|Rautetaste|Stern|Raute)",
    "sr": r"(?:тастер )?(?:\d|нулу|један|два|три|четири|пет|шест|седам|осам|девет|звездицу|тарабу)",
    "es": r"(?:el )?(?:\d|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|asterisco|almohadilla)",
}

_CHOICE = {language: rf"(?![^.;,?!]*\b{key}(?:[.;,?!]|\Z))([^.;,?!]+)" for language, key in _KEY.items()}
"""What a key is for; but not the next choice, with its own key behind it: "press 1, for no 2"."""

KEY_FIRST: ByLanguage = {
    "en": terms("press|dial|push|hit", rf"\b(press|dial|push|hit) ({_KEY['en']}),? (for|to|if) {_CHOICE['en']}"),
    "de": terms(
        "drücken|wählen",
        rf"\b(drücken Sie|wählen Sie|drücken|wählen) (?:bitte )?({_KEY['de']}),? (für|um|wenn) {_CHOICE['de']}",
    ),
    "sr": terms(
        "притисн|изабер|бирај",
        rf"\b(притисните|изаберите|бирајте) ({_KEY['sr']}),? (за|да|ако) {_CHOICE['sr']}",
    ),
    "es": terms(
        "puls|oprim|marqu|presion",
        rf"\b(pulse|oprima|marque|presione) ({_KEY['es']}),? (para|si) {_CHOICE['es']}",
    ),
}

FLATTERY: ByLanguage = {
    "en": terms(
        "important|value|appreciate|busy|high call|volume",
        r"your (?:call|patience|business|time) is (?:very )?(?:important|valuable)[^.,;!?]*"
        r"|we (?:value|appreciate) your (?:call|patience|business|time)"
        r"|all (?:of )?our (?:\w+ )?(?:representatives|agents|operators|lines|colleagues|staff) are (?:currently )?busy"
        r"|(?:due to )?(?:unusually |unexpectedly )?high(?:er than (?:usual|normal))? (?:call )?volumes?",
    ),
    "de": terms(
        "wichtig|geduld|besetzt|im gespräch|anrufaufkommen",
        r"ihr (?:anruf|anliegen) ist uns (?:sehr )?wichtig"
        r"|wir (?:schätzen|danken für) ihre geduld"
        r"|alle (?:\w+ )?(?:mitarbeiter\w*|plätze|leitungen)[^.,;!?]*(?:besetzt|im gespräch)"
        r"|hohe[ns]? anrufaufkommen",
    ),
    "sr": terms(
        "важ|стрпљењ|заузет|велик",
        r"ваш позив (?:нам )?је (?:веома )?(?:нам )?важан|ценимо ваше стрпљење"
        r"|сви (?:наши )?(?:\w+ )?(?:оператери|сарадници|агенти) су (?:тренутно )?заузети"
        r"|велик\w+ бро\w+ позива",
    ),
    "es": terms(
        "importante|valoramos|agradecemos su paciencia|ocupad|volumen",
        r"su llamada es (?:muy )?importante[^.,;!?]*|valoramos su (?:llamada|tiempo|paciencia)"
        r"|agradecemos su paciencia|todos nuestros (?:\w+ )?(?:agentes|operadores)[^.,;!?]*ocupados"
        r"|(?:alto|gran|elevado) volumen de llamadas",
    ),
}

WEB_ADDRESS = terms(
    "www|http|.com|.de|.es|.rs|.org|.net|dot com|punkt de|punto com|тачка рс|website|web site|webseite|internetseite|"
    "homepage|página web|sitio web|веб|сајт",
    r"\b(?:https?://|www\.)[^\s,;]+|(?<![\w-])[\w-]++\.(?:com|de|es|rs|org|net)\b"
    r"|\b\w+ (?:dot com|punkt de|punto com|тачка рс)\b"
    r"|\bour web ?site\b|\bonline at\b|\bunsere\w? (?:webseite|internetseite|homepage)\b"
    r"|\bnuestr[ao] (?:página|sitio) web\b|\bнаш\w* (?:веб|сајт)\w*",
)

NOT_PRESS: ByLanguage = {
    "en": terms("dial|hit|push|key in|terminate", rf"\b(dial|hit|push|key in)(?= {_KEY['en']}\b)|\b(terminate)\b"),
    "de": terms("wählen|tippen|betätigen", rf"\b(wählen|tippen|betätigen)(?= Sie (?:bitte )?{_KEY['de']}\b)"),
    "sr": terms("укуцајте|стисните|окрените|бирајте", rf"\b(укуцајте|стисните|окрените|бирајте)(?= {_KEY['sr']}\b)"),
    "es": terms("teclee|digite|apriete", rf"\b(teclee|digite|apriete)(?= {_KEY['es']}\b)"),
}
PRESS = {"en": "press", "de": "drücken", "sr": "притисните", "es": "pulse"}
END_THE_CALL = {"terminate": "end"}

BLAME: ByLanguage = {
    "en": terms(
        "wrong|invalid|error|illegal|incorrect|fail",
        r"\b(?:wrong (?:key|choice|number|entry|input|option)|invalid|illegal|incorrect|error|failed|failure)\b",
    ),
    "de": terms(
        "falsch|ungültig|fehler|unzulässig|fehlgeschlagen",
        r"\b(?:falsche\w* (?:taste|eingabe|wahl|nummer)|ungültig\w*|fehler\w*|unzulässig\w*|fehlgeschlagen)\b",
    ),
    "sr": terms(
        "погреш|неисправ|неважећ|грешк|недозвољ",
        r"\b(?:(?:погреш|неисправ)(?:ан|на|но|ни) (?:тастер|избор|унос|број)|неважећ\w+|грешк\w+|недозвољен\w+)\b",
    ),
    "es": terms(
        "equivocad|inválid|incorrect|no válid|error|ilegal",
        r"\b(?:(?:tecla|opción|entrada) (?:equivocada|errónea)|inválid[oa]s?|incorrect[oa]s?|no válid[oa]s?|error"
        r"|ilegal)\b",
    ),
}

OLD_NEWS: ByLanguage = {
    "en": terms(
        "listen|menu|options|choices",
        r"(?:please )?listen (?:carefully|closely)|(?:menu|options|choices) (?:have|has) (?:recently )?changed",
    ),
    "de": terms(
        "aufmerksam|menü|auswahl",
        r"hören sie (?:bitte )?(?:genau|aufmerksam) zu|(?:menü|auswahl\w*) (?:hat|haben) sich geändert",
    ),
    "sr": terms(
        "пажљиво|мени|избор",
        r"(?:слушајте|саслушајте) пажљиво|пажљиво (?:слушајте|саслушајте)|(?:мени|избори?) (?:се|су се) промени\w+",
    ),
    "es": terms(
        "escuche|menú|opciones",
        r"escuche (?:con atención|atentamente)|(?:menú|opciones) (?:ha|han) cambiado",
    ),
}

STUMBLES = terms(
    "&|/|24h|e.g.|i.e.|etc.|approx.|nr.|z.b.|z. b.|usw.|bzw.|ca.|tel.|str.|нпр.|итд.|тел.|бр.|p. ej.|p.ej.|núm.|"
    "aprox.|asap|faq|vip",
    r"\d+/\d+|\b\w+/\w+\b|&|\b24h\b|\b(?:e\.g\.|i\.e\.|approx\.|etc\.|asap|faq|vip|[Nn]r\.|tel\.|str\.)"
    r"|\b(?:z\. ?B\.|usw\.|bzw\.|ca\.|aprox\.|núm\.|p\. ?ej\.)|\b(?:нпр\.|итд\.|тел\.|бр\.)",
)
PICTURES = re.compile("[☀-➿\U0001f000-\U0001faff←-⇿©®™]")

JARGON: ByLanguage = {
    "en": terms(
        "utilize|utilise|commence|prior to|escalat|ticket|provision|authenticat|ivr|queue",
        r"\b(?:utili[sz]e\w*|commence\w*|prior to|escalat\w+|ticket|provision\w*|authenticat\w+|IVR|queue)\b",
    ),
    "de": terms(
        "ticket|authentifizier|eskal|bezüglich|hinsichtlich|retoure|warteschleife|beauskunft",
        r"\b(?:tickets?|authentifizier\w+|eskal\w+|bezüglich|hinsichtlich|retoure\w*|warteschleife|beauskunft\w*)\b",
    ),
    "sr": terms(
        "тикет|аутентифик|ескал|рекламацион|у вези са горе", r"\b(?:тикет\w*|аутентифик\w+|ескал\w+|рекламацион\w+)\b"
    ),
    "es": terms(
        "ticket|autentic|escalar|tramitación|subsan", r"\b(?:tickets?|autentic\w+|escalar\w*|tramitación|subsan\w+)\b"
    ),
}

MORE_OPTIONS: ByLanguage = {
    "en": terms(
        "more|other|further|additional", r"\b(?:more|other|further|additional) (?:options|choices|services|topics)\b"
    ),
    "de": terms(
        "weiter|andere|mehr", r"\b(?:weitere\w*|andere\w*|mehr) (?:optionen|möglichkeiten|auswahl\w*|themen|anliegen)\b"
    ),
    "sr": terms("опциј|могућности|остал|друг", r"\b(?:још|остале|друге|додатне) (?:опциј\w+|могућности|теме|услуге)\b"),
    "es": terms("opciones|servicios", r"\b(?:más|otras|otros|demás) (?:opciones|servicios|temas)\b"),
}

LEGAL: ByLanguage = {
    "en": terms(
        "record|privacy|terms|legal|consent",
        r"\bcalls? (?:\w+ ){0,3}(?:be |being )?recorded\b|\bprivacy\b|\bterms and conditions\b|\blegal notice\b",
    ),
    "de": terms(
        "aufgezeichnet|aufzeichn|datenschutz|geschäftsbedingungen",
        r"\b(?:aufgezeichnet|aufzeichn\w+|datenschutz\w*|geschäftsbedingungen)\b",
    ),
    "sr": terms(
        "снима|приватност|услови", r"\b(?:снима(?:ју|мо|н)?|снимање|снимљен\w*|приватност\w*|услови коришћења)\b"
    ),
    "es": terms(
        "graba|privacidad|condiciones", r"\b(?:grab(?:ada|adas|ación|ar|amos)|privacidad|condiciones generales)\b"
    ),
}

RECORDED = re.compile(
    r"\brecord|\b(?:auf(?:zu)?zeichn|aufgezeichnet|aufgenommen|aufnehmen|aufnahme|mitgeschnitten|mitschnitt|mitschneiden)"
    r"|\bzeichnen\b.*\bauf\b|\bnehmen\b.*\bauf\b|\b(?:снима|снимљен|снимак)|\bgrab",
    re.IGNORECASE,
)
"""A word that says, in whichever language, that somebody is recorded."""

APOLOGY: ByLanguage = {
    "en": terms(
        "sorry|apologi|patience|hold|busy|wait",
        r"\b(?:sorry|apologi[sz]e|patience|please (?:hold|wait|stay on)|busy|important)\b",
    ),
    "de": terms(
        "leid|entschuld|geduld|warten|dran|besetzt",
        r"\b(?:tut uns leid|entschuldig\w+|geduld|bitte warten|bleiben sie dran|besetzt|wichtig)\b",
    ),
    "sr": terms(
        "жао|извин|стрпљ|сачекајте|на вези|заузет",
        r"\b(?:жао нам је|извин\w+|стрпљ\w+|сачекајте|останите на вези|заузет\w*|важан)\b",
    ),
    "es": terms(
        "sentimos|disculp|paciencia|espere|no cuelgue|ocupad",
        r"\b(?:sentimos|lamentamos|disculp\w+|paciencia|espere|no cuelgue|ocupad\w+|importante)\b",
    ),
}

USEFUL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\d|\{\w+\}|\bpress\b|\bcall ?back\b|\bcall you back\b|\bmessage\b|\bhave your\b|\bready\b", re.I
    ),
    "de": re.compile(r"\d|\{\w+\}|\bdrücken\b|rückruf|rufen sie zurück|nachricht|bereit", re.I),
    "sr": re.compile(r"\d|\{\w+\}|притисните|позваћемо|поруку|припремите", re.I),
    "es": re.compile(r"\d|\{\w+\}|\bpulse\b|devolve|mensaje|tenga a mano|prepare", re.I),
}
"""What makes an announcement worth hearing: a number, something to press, a way out, something to prepare."""

EXACT_PROMISE: ByLanguage = {
    "en": terms(
        "second|minute",
        r"\b(?:in|wait|takes?|within|exactly|is) (?:\w+ )?"
        r"(?:\d+ seconds|exactly \d+ minutes?|[13678]\d? minutes?|[2459][1-46-9] minutes)\b",
    ),
    "de": terms(
        "sekunde|minute",
        r"\b(?:in|beträgt|dauert|genau) (?:\w+ )?(?:\d+ sekunden|genau \d+ minuten?|[13678]\d? minuten?)\b",
    ),
    "sr": terms(
        "секунд|минут",
        r"\b(?:за|траје|тачно|чекаћете) (?:\w+ )?(?:\d+ секунд\w*|тачно \d+ минут\w*|[13678]\d? минут\w*)",
    ),
    "es": terms(
        "segundo|minuto",
        r"\b(?:en|es de|dura|exactamente) (?:\w+ )?(?:\d+ segundos|exactamente \d+ minutos?|[13678]\d? minutos?)\b",
    ),
}
ABOUT = re.compile(
    r"\b(?:about|around|roughly|less than|under|up to|etwa|rund|ungefähr|weniger als|bis zu|око|отприлике|мање од|до"
    r"|unos|aproximadamente|menos de|cerca de|hasta)\b",
    re.I,
)

FOR_NOW: ByLanguage = {
    "en": terms(
        "temporar|until further|currently under|at the moment we|christmas|easter|new year|strike|maintenance",
        r"\b(?:temporar(?:y|ily)|until further notice|christmas|easter|new year\w*|strike|maintenance)\b",
    ),
    "de": terms(
        "vorübergehend|auf weiteres|weihnacht|ostern|neujahr|streik|wartungs",
        r"\b(?:vorübergehend|bis auf weiteres|weihnacht\w*|ostern|neujahr\w*|streik\w*|wartungs\w*)\b",
    ),
    "sr": terms(
        "привремено|до даљ|божић|ускрс|нов|штрајк",
        r"\b(?:привремено|до даљег|божић\w*|ускрс\w*|нове године|нову годину|штрајк\w*)\b",
    ),
    "es": terms(
        "temporal|nuevo aviso|navid|semana santa|huelga|mantenimiento",
        r"\b(?:temporalmente|hasta nuevo aviso|navid\w*|semana santa|año nuevo|huelga|mantenimiento)\b",
    ),
}

FREE: ByLanguage = {
    "en": terms("free", r"\b(?:toll[- ]free|free of charge|free call|call is free|freephone)\b"),
    "de": terms("kostenlos|kostenfrei|gebührenfrei", r"\b(?:kostenlos\w*|kostenfrei\w*|gebührenfrei\w*)\b"),
    "sr": terms("бесплат", r"\bбесплат\w+\b"),
    "es": terms("gratuit|gratis", r"\b(?:gratuit[oa]s?|gratis)\b"),
}

PRICE: ByLanguage = {
    "en": terms(
        "cent|euro|pence|pound|dollar|charge",
        r"\b(?:\d+ (?:cents?|euros?|pence|pounds?|dollars?)|charged? (?:at|of)|free of charge)\b",
    ),
    "de": terms("cent|euro|kosten|gebühr", r"\b\d+ (?:cent|euro)|\bkosten(?:los|frei)|gebühr"),
    "sr": terms("евр|динар|цен|бесплат", r"\b\d+ (?:цент\w*|евр\w*|динар\w*)|бесплат\w+"),
    "es": terms("céntimo|euro|coste|gratuit", r"\b\d+ (?:céntimos?|euros?)|\bcoste\b|gratuit"),
}
MINUTES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"minute|\{\w*wait\w*\}", re.I), "de": re.compile(r"minute|\{\w*wait\w*\}", re.I),
    "sr": re.compile(r"минут|\{\w*wait\w*\}", re.I), "es": re.compile(r"minuto|\{\w*wait\w*\}", re.I),
}  # fmt: skip

YES = {"en": r"yes", "de": r"ja", "sr": r"да", "es": r"s[íi]"}
NO = {"en": r"no", "de": r"nein", "sr": r"не", "es": r"no"}

LANGUAGE_NAMES = frozenset(
    """english deutsch français italiano español português nederlands polski türkçe srpski српски hrvatski русский
    українська українською magyar română čeština slovenščina svenska dansk suomi norsk ελληνικά български shqip
    bosanski македонски عربي العربية 中文 日本語""".split()
)
"""Names of languages in themselves, in small letters."""


def chooses_language(option: Option) -> bool:
    """Whether a key stands for a language: it changes to it, or its label names one in itself."""
    return option.language is not None or not all(
        LANGUAGE_NAMES.isdisjoint(text.casefold().rstrip(".").split()) for text in option.label.values()
    )


OTHER_LANGUAGE: Mapping[str, tuple[Terms, Mapping[str, str]]] = {
    "en": (
        terms("german|spanish|serbian", r"\bfor (german|spanish|serbian)\b"),
        {"german": "de", "spanish": "es", "serbian": "sr"},
    ),
    "de": (
        terms("englisch|spanisch|serbisch", r"\bfür (englisch|spanisch|serbisch)\b"),
        {"englisch": "en", "spanisch": "es", "serbisch": "sr"},
    ),
    "sr": (
        terms("енглеск|немачк|шпанск", r"\bза (енглески|немачки|шпански)\b"),
        {"енглески": "en", "немачки": "de", "шпански": "es"},
    ),
    "es": (
        terms("inglés|alemán|serbio", r"\bpara (?:el )?(inglés|alemán|serbio)\b"),
        {"inglés": "en", "alemán": "de", "serbio": "sr"},
    ),
}
"""How a language names the others: what a caller who needs them would not understand."""
LANGUAGE_ALONE = re.compile(
    r"(?:the )?(german|spanish|serbian|englisch|spanisch|serbisch|енглески|немачки|шпански|inglés|alemán|serbio)", re.I
)

COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset("the and of to is your you we please are our with have will not this for from at it be".split()),
    "de": frozenset(
        "der die das und ist ihre ihr sie wir bitte sind mit nicht für dem den ein eine einen zu auf".split()
    ),
    "sr": frozenset("и је вас ви ми молимо нам са није за од на у да се су ваш ваше или".split()),
    "es": frozenset("el la los las de que su usted por con para es está son una un y en nos le favor".split()),
}

HOW_MANY = re.compile(
    r"\bhow many\b|\bwie oft\b|\bwie viele\b|\bколико (?:пута|позива)\b|\bcuántas\b|\bcuántos\b", re.I
)
HOW_EASY = re.compile(r"\b(?:easy|easily)\b|\b(?:leicht|einfach)\b|\bлако\b|\b(?:fácil|fácilmente)\b", re.I)
SETTLED = re.compile(
    r"\b(?:settled|solved|resolved|sorted)\b|\b(?:erledigt|gelöst|geklärt)\b|\bрешен\w*|\b(?:resuelt[oa]|solucionad[oa])\b",
    re.I,
)
COUNT_OR_TIME = re.compile(
    r"\d|\b(?:one|two|three|four|five|minutes?|seconds?)\b|\b(?:eine?|zwei|drei|vier|fünf|minuten?|sekunden)\b"
    r"|\b(?:једно|два|три|четири|пет|минут\w*|секунд\w*)|\b(?:una?|dos|tres|cuatro|cinco|minutos?|segundos)\b",
    re.I,
)
AND = {"en": r"\w+ and \w+", "de": r"\w+ und \w+", "sr": r"\w+ и \w+", "es": r"\w+ [ye] \w+"}
PERSON_RATED = re.compile(
    r"\b(?:rate|satisfied .{0,12}with) (?:your|the|our) (?:representative|agent|operator)\b|\{agent\}"
    r"|\b(?:bewerten sie|zufrieden .{0,20}mit) (?:ihre[nm]?|de[nmr]|unsere[nm]?) (?:mitarbeiter\w*|berater\w*)\b"
    r"|\b(?:оцените|задовољни) .{0,15}(?:сарадник\w*|оператер\w*|агент\w*)"
    r"|\b(?:valore|satisfech[oa] con) (?:a |al |el |su )+(?:agente|operador)\b",
    re.I,
)
ZERO_TO_TEN = re.compile(r"\b(?:0|zero|null|нула|нуле|cero) (?:to|bis|до|a) (?:10|ten|zehn|десет|diez)\b", re.I)
TELEPHONE_NUMBER_ASKED = re.compile(
    r"\b(?:telephone|phone|mobile) number\b|\b(?:telefonnummer|rufnummer|handynummer)\b|\bброј телефона\b"
    r"|\bnúmero de (?:teléfono|móvil)\b|\bnumber (?:to|we can) (?:call|reach)", re.I,
)  # fmt: skip
DICTATED = re.compile(
    r"(?<![\w{])\+?\d[\d /()-]{5,}\d(?!\w)|\b(?:www\.|https?://)[^\s,;]+[^\s,;.]|(?<![\w-])[\w-]++\.(?:com|de|es|rs|org|net)\b"
)
DICTATED_STEMS = (*"0123456789", "www", "http", ".com", ".de", ".es", ".rs", ".org", ".net")
