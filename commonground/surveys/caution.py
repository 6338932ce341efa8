"""Words that make a question worth a second look: too personal, bargained elsewhere, or off scope. No database.

The lists flag and never decide: whoever reads the draft knows more than a list. A short list that people trust is
better than a long one that they learn to ignore, so a word stands here only if it is nearly always in the way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum


class Caution(StrEnum):
    """Why a question is worth a second look."""

    TOO_PERSONAL = "too_personal"
    BARGAINED = "bargained"
    OFF_SCOPE = "off_scope"


WORDS: Mapping[Caution, tuple[str, ...]] = {
    Caution.TOO_PERSONAL: (
        # English
        r"diagnos\w+",
        r"medications?",
        r"prescri\w+",
        r"disabilit\w+",
        r"disorders?",
        r"pregnan\w+",
        r"depress\w+",
        r"suicid\w+",
        r"therapists?",
        r"your weight",
        r"alcohol",
        r"smoke",
        r"religio\w+",
        r"church",
        r"sexual\w*",
        r"married|marriage",
        r"divorced?",
        r"your (?:own )?children",
        r"immigra\w+",
        r"citizenship",
        r"arrested",
        r"your debts?",
        r"date of birth",
        r"your age",
        r"how old are you",
        r"your (?:full |first |last )?name",
        r"home address",
        # Spanish
        r"diagn[oó]stic\w+",
        r"medicamentos?",
        r"discapacidad\w*",
        r"trastornos?",
        r"embaraz\w+",
        r"depresi\w+|deprimid\w+",
        r"terapeutas?",
        r"su peso",
        r"fuma",
        r"religi\w+",
        r"iglesia",
        r"casad[oa]s?|matrimonio",
        r"divorciad\w+",
        r"sus (?:propios )?hij[oa]s",
        r"migratori[oa]|inmigra\w+",
        r"ciudadan[ií]a",
        r"arrestad\w+",
        r"sus deudas?",
        r"fecha de nacimiento",
        r"su edad",
        r"cu[aá]ntos años tiene",
        r"su (?:nombre|apellido)",
        r"su domicilio",
    ),
    Caution.BARGAINED: (
        # English
        r"salar(?:y|ies)",
        r"wages?",
        r"pay (?:raise|scale|cut)s?",
        r"bonus(?:es)?",
        r"overtime",
        r"paid holidays?",
        r"sick leave",
        r"class sizes?",
        r"layoffs?",
        r"seniority",
        r"grievances?",
        r"strikes?",
        r"(?:your|the) contract",
        r"health insurance",
        r"premiums?",
        # Spanish
        r"salarios?|sueldos?",
        r"aumento de (?:pago|sueldo|salario)",
        r"bonificaci\w+",
        r"horas extras?",
        r"feriados? pagados?|d[ií]as? festivos? pagados?",
        r"licencia por enfermedad",
        r"tamaño de (?:la|las) clases?",
        r"despidos?",
        r"antigüedad",
        r"huelgas?",
        r"quejas? formal(?:es)?",
        r"(?:su|el) contrato",
        r"seguro m[eé]dico",
        r"primas?",
    ),
    Caution.OFF_SCOPE: (
        # English
        r"your (?:principal|supervisor|boss|manager)",
        r"the superintendent",
        r"the school board",
        r"union (?:dues|officers?)",
        r"elections?",
        r"political",
        r"vote[ds]?",
        # Spanish
        r"su (?:director|directora|supervisor|supervisora|jefe|jefa)",
        r"(?:el|la) superintendente",
        r"la junta escolar",
        r"cuotas? sindical(?:es)?",
        r"elecci(?:ón|ones)",
        r"partidos? pol[ií]ticos?",
        r"vot[oaó]\w*",
    ),
}
PATTERNS = {
    why: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE | re.UNICODE)
    for why, words in WORDS.items()
}


def cautions(texts: Iterable[str]) -> Iterator[tuple[Caution, str]]:
    """Yield for each reason the first word in these texts that gives it, as it is written there."""
    joined = "\n".join(texts)
    for why, pattern in PATTERNS.items():
        if found := pattern.search(joined):
            yield why, found.group().lower()
