"""A public page with one block of each kind."""

from typing import Any

from commonground.responses.tests.sample import text

RELEASE_PAGE: dict[str, Any] = {
    "title": text("What we heard", "Lo que escuchamos"),
    "lead": text("814 of 1,482 people answered (55%).", "Contestaron 814 de 1,482 personas (55%)."),
    "on": "2027-01-08",
    "blocks": [
        {"kind": "heading", "text": text("What we heard", "Lo que escuchamos")},
        {"kind": "text", "text": text("Labor and management read it together.", "Lo leímos juntos.")},
        {
            "kind": "figures",
            "items": [
                {
                    "figure": "38%",
                    "says": text("can take their full break", "pueden tomar su descanso"),
                    "detail": text("306 of 805 answers.", "306 de 805 respuestas."),
                }
            ],
        },
        {"kind": "note", "title": text("Who is missing.", "Quién falta."), "text": text("Few bus drivers.")},
        {
            "kind": "chart",
            "title": text("Breaks", "Descansos"),
            "html": text('<div class="chart"><p class="c"><span>Breaks</span></p></div>'),
            "note": text("Whole percent.", "Porcentajes enteros."),
        },
        {
            "kind": "table",
            "title": text("By site", "Por lugar"),
            "head": [text("Site", "Lugar"), text("Answers", "Respuestas")],
            "rows": [["Mill Creek", "42"], ["Cedar", text("not shown", "no se muestra")]],
        },
        {
            "kind": "promises",
            "sides": [
                {
                    "side": side,
                    "items": [
                        {"text": text("Hold a meeting", "Hacer una reunión"), "who": "All", "by": "2027-01-29"}
                    ],
                }
                for side in ("labor", "management", "both")
            ],
        },
        {"kind": "next", "items": [{"on": "2027-01-21", "text": text("The committee meets.", "Se reúne.")}]},
    ],
}
