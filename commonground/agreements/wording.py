"""Words of the charter that are the platform's own, in both languages: they are frozen with it.

The four protections stand in every charter and cannot be taken out.
"""

from commonground.agreements.contents import Both, DecisionRight, Right

PROTECTIONS = (
    Both(
        "Health information stays private. The employer sees totals only, never what one person said.",
        "La información de salud es privada. El empleador ve solo totales, nunca lo que dijo una persona.",
    ),
    Both(
        "Nothing here punishes, ranks or shames anyone, and nobody loses anything by not taking part.",
        "Nada aquí castiga, clasifica ni avergüenza a nadie, y nadie pierde nada por no participar.",
    ),
    Both(
        "What is offered is spread fairly over every job, site and shift.",
        "Lo que se ofrece se reparte con justicia entre todos los puestos, lugares y turnos.",
    ),
    Both(
        "What is promised can be paid for and can last.",
        "Lo que se promete se puede pagar y puede durar.",
    ),
)

DECIDES = {
    DecisionRight.COMMITTEE_DECIDES: Both("The committee decides", "El comité decide"),
    DecisionRight.COMMITTEE_RECOMMENDS: Both("The committee recommends", "El comité recomienda"),
    DecisionRight.PARTY_OR_BOARD: Both("A party or the board decides", "Decide una parte o la junta directiva"),
    DecisionRight.BARGAINING_ONLY: Both("Only in bargaining", "Solo en la negociación colectiva"),
}

MATTERS = (
    Right(
        Both("What the staff survey asks, and when", "Qué pregunta la encuesta al personal, y cuándo"),
        DecisionRight.COMMITTEE_DECIDES,
    ),
    Right(
        Both(
            "When results are published to staff, and in which words",
            "Cuándo se publican los resultados para el personal, y con qué palabras",
        ),
        DecisionRight.COMMITTEE_DECIDES,
    ),
    Right(
        Both(
            "Activities and team incentives within the agreed budget",
            "Actividades e incentivos de equipo dentro del presupuesto acordado",
        ),
        DecisionRight.COMMITTEE_DECIDES,
    ),
    Right(
        Both(
            "Changes to break rooms, equipment and other things at a site",
            "Cambios en salas de descanso, equipo y otras cosas de un lugar de trabajo",
        ),
        DecisionRight.COMMITTEE_RECOMMENDS,
    ),
    Right(
        Both("District policies on well-being", "Políticas del distrito sobre el bienestar"),
        DecisionRight.COMMITTEE_RECOMMENDS,
    ),
    Right(
        Both("The yearly budget for well-being", "El presupuesto anual para el bienestar"),
        DecisionRight.PARTY_OR_BOARD,
    ),
    Right(
        Both("Who speaks for a party on the committee", "Quién habla por una parte en el comité"),
        DecisionRight.PARTY_OR_BOARD,
    ),
    Right(
        Both(
            "Pay, hours, leave, workload and evaluation",
            "Salario, horario, permisos, carga de trabajo y evaluación",
        ),
        DecisionRight.BARGAINING_ONLY,
    ),
    Right(
        Both(
            "Health benefits and premiums, and any link between them and taking part",
            "Beneficios y primas de salud, y cualquier relación entre ellos y la participación",
        ),
        DecisionRight.BARGAINING_ONLY,
    ),
)
"""Matters that a new draft starts with; the parties change them as they wish."""

RECONVENE = Both(
    "When bargaining or a dispute makes us pause, we agree on the day we meet again before we stop. Each party may "
    "call that meeting, and what was promised to staff goes on meanwhile.",
    "Cuando la negociación o un conflicto nos obligue a hacer una pausa, acordamos antes de parar el día en que "
    "nos volveremos a reunir. Cada parte puede convocar esa reunión, y lo prometido al personal sigue entretanto.",
)
