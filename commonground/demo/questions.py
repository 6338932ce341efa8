"""The surveys of Alder Valley: what they ask, in both languages, and what the parties say of one in drafting."""

from dataclasses import dataclass, field

from commonground.demo import cast

Choice = tuple[str, str]


@dataclass(frozen=True)
class Ask:
    """One question: a short name for the demonstration, its kind, both texts, options, and what it groups by."""

    name: str
    kind: str
    en: str
    es: str
    options: tuple[Choice, ...] = ()
    dimension: str = ""
    help_en: str = ""
    help_es: str = ""
    health: bool = False


@dataclass(frozen=True)
class Script:
    """A survey of the demonstration: texts in both languages, parts, and which breakdowns are allowed.

    With `by_level` comments are kept by the level of the place.
    """

    title: Choice
    purpose: Choice
    message: Choice
    parts: tuple[tuple[Choice, tuple[Ask, ...]], ...]
    margins: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    by_level: bool = False
    help_lines: Choice = field(
        default=(
            "Call or text 988: someone listens, day and night, in English and Spanish.\n"
            "Employee assistance, 555-0168: six free talks for you and your household.",
            "Llame o escriba al 988: una persona escucha, de día y de noche, en español e inglés.\n"
            "Asistencia al empleado, 555-0168: seis consultas sin costo para usted y su hogar.",
        )
    )


CONTACT = (
    "the committee at 555-0142, or your steward",
    "el comité, 555-0142, o su representante sindical",
)
WHY_ANOTHER_TABLE = (
    "At several sites our members ask whether breaks differ between the units there. "
    "The results tell sites and units apart, not together."
)
HEARD = {
    "en": "Labor and management read your answers together. Breaks and follow-up come first: we begin there.",
    "es": (
        "Los sindicatos y la administración leyeron juntos sus respuestas. "
        "Los descansos y el seguimiento van primero: por ahí empezamos."
    ),
}
"""What the parties say above the release that staff read."""

SITE = Ask(
    "site", "one", "Where do you work most of the time?", "¿Dónde trabaja la mayor parte del tiempo?", (), "site"
)
FAMILY = Ask("family", "one", "What kind of work do you do?", "¿Qué tipo de trabajo hace?", (), "job_family")
UNIT = Ask("unit", "one", "Which unit is your job in?", "¿A qué unidad pertenece su puesto?", (), "unit")

WORKLOAD = Ask(
    "workload", "agreement", "My workload lets me do my job well.", "Mi carga de trabajo me permite hacerlo bien."
)
BREAKS = Ask(
    "breaks",
    "agreement",
    "I can take my full break on most days.",
    "La mayoría de los días puedo tomar mi descanso completo.",
)
FOLLOW_UP = Ask(
    "follow_up",
    "agreement",
    "When I raise a problem, someone follows up.",
    "Cuando planteo un problema, alguien le da seguimiento.",
)
RESPECT = Ask("respect", "agreement", "I feel respected at work.", "Siento que me respetan en el trabajo.")
TEAM = Ask(
    "team", "agreement", "People on my team help each other.", "Las personas de mi equipo se ayudan entre sí."
)
HELP = Ask(
    "help",
    "agreement",
    "I know where to get help when work weighs on me.",
    "Sé dónde encontrar ayuda cuando el trabajo me pesa.",
    health=True,
)
ATTEND = Ask(
    "attend",
    "agreement",
    "I would be able to attend well-being activities.",
    "Podría asistir a actividades de bienestar.",
)
TIRED = Ask(
    "tired",
    "frequency",
    "How often are you too tired after work for your own life?",
    "¿Con qué frecuencia termina tan cansado que no le queda energía para su propia vida?",
    health=True,
)
OVERALL = Ask(
    "overall",
    "scale10",
    "All in all, how is work going for you?",
    "En general, ¿cómo le va en el trabajo?",
    help_en="0 is very badly, 10 is very well.",
    help_es="0 es muy mal, 10 es muy bien.",
)
WISHES = Ask(
    "wishes",
    "several",
    "Which of these would you use?",
    "¿Cuáles de estas opciones usaría usted?",
    (
        ("A refreshed break room", "Una sala de descanso renovada"),
        ("Cover so that breaks happen", "Relevo para poder tomar el descanso"),
        ("Walks led by a co-worker", "Caminatas guiadas por colegas"),
        ("A talk about money and retirement", "Una charla sobre dinero y jubilación"),
        ("None of these", "Ninguna de estas"),
    ),
)
WHEN = Ask(
    "when",
    "one",
    "When could you take part?",
    "¿Cuándo podría participar?",
    (
        ("Before my shift", "Antes de mi turno"),
        ("In a break", "En un descanso"),
        ("After my shift", "Después de mi turno"),
        ("Only in paid time", "Solo en tiempo pagado"),
    ),
)

ELSE = Ask("else", "text", "Is there anything else we should know?", "¿Hay algo más que debamos saber?")
HOLIDAY = Ask(
    "holiday",
    "one",
    "Would you trade a paid holiday for a shorter day in June?",
    "¿Cambiaría un día festivo pagado por una jornada más corta en junio?",
    (("Yes", "Sí"), ("No", "No")),
)
LANGUAGE = Ask("language", "one", "Which language do you prefer?", "¿Qué idioma prefiere?", (), "language")

FALL = Script(
    title=("How is work going for you?", "¿Cómo le va en el trabajo?"),
    purpose=(
        "We want to know what makes work heavy and what makes it good, from the bus yard to the front office.",
        "Queremos saber qué hace pesado el trabajo y qué lo hace bueno, del patio de autobuses a la oficina.",
    ),
    message=(
        "Labor and management ask you this together, and will read the same totals at the same moment. "
        "What you say decides what we do first.",
        "Los sindicatos y la administración le preguntan esto juntos, y leerán los mismos totales en el mismo "
        "momento. Lo que usted diga decide qué hacemos primero.",
    ),
    parts=(
        (("About your place", "Sobre su lugar de trabajo"), (SITE, FAMILY, UNIT)),
        (("Your work day", "Su jornada"), (WORKLOAD, BREAKS, ATTEND, TIRED)),
        (("People", "Las personas"), (FOLLOW_UP, RESPECT, TEAM, HELP)),
        (("What would help", "Qué ayudaría"), (WISHES, WHEN, OVERALL, ELSE)),
    ),
    margins=("site", "family", "unit"),
    pairs=(("site", "family"),),
    by_level=True,
)
PULSE = Script(
    title=("Did breaks get better?", "¿Mejoraron los descansos?"),
    purpose=(
        "Floating aides cover breaks since last month. Six short questions tell us if it works for every shift.",
        "Desde el mes pasado hay relevos para los descansos. Seis preguntas nos dicen si funciona en cada turno.",
    ),
    message=(
        "Labor and management promised to ask again. Please tell us plainly.",
        "Los sindicatos y la administración prometieron volver a preguntar. Díganos con franqueza.",
    ),
    parts=(
        (("About your place", "Sobre su lugar de trabajo"), (SITE, UNIT)),
        (("Breaks", "Descansos"), (BREAKS, WORKLOAD, RESPECT, FOLLOW_UP)),
    ),
    margins=("site", "unit"),
)
SPRING = Script(
    title=("What should we do next year?", "¿Qué deberíamos hacer el próximo año?"),
    purpose=("Next year's plan starts from what you say.", "El plan del próximo año parte de lo que usted diga."),
    message=("", ""),
    parts=(
        (("About your place", "Sobre su lugar de trabajo"), (SITE, LANGUAGE)),
        (("Your work day", "Su jornada"), (BREAKS, HOLIDAY)),
        (
            ("Next year", "El próximo año"),
            (
                WISHES,
                Ask("walks", "agreement", "Walks at 9:30 in the morning would suit my shift.", ""),
                ELSE,
            ),
        ),
    ),
    margins=("site", "language"),
    pairs=(("site", "language"),),
)
TALK = (
    (cast.DENISE, "breaks", "“Lunch” left out people on four-hour shifts. Could we say “break”?"),
    (cast.LUZ, "breaks", "Yes. Break covers both."),
    (cast.RAY, "wishes", "Walks at 3 pm leave out both bus shifts. Fine by us once a 9:30 am time is offered too."),
    (cast.DANA, "holiday", "Hours and holidays belong to the bargaining table."),
)
"""What the parties say of the questions of the survey that is being written, oldest first."""
