"""A survey of thirty questions by four parties, made with the real functions, for tests and benchmarks."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from commonground.demo import cast
from commonground.kernel import key_folder
from commonground.responses import actions, client_files
from commonground.sealing import codes, formats, hpke, seals
from commonground.sealing.blind import IssuingKey
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.passes import Respondent
from commonground.sealing.promise import promise

OPENS = datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
DURING = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
CLOSES = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)
AFTER = CLOSES + actions.GRACE + timedelta(minutes=1)

AGREEMENT = [
    ("I can take my full break on most days.", "La mayoría de los días puedo tomar mi descanso completo."),
    ("My work load lets me do my work well.", "Mi carga de trabajo me permite hacer bien mi trabajo."),
    ("I know what is expected of me.", "Sé lo que se espera de mí."),
    ("I have the tools I need.", "Tengo las herramientas que necesito."),
    ("When I raise a problem, someone follows up.", "Cuando señalo un problema, alguien le da seguimiento."),
    ("I feel respected at work.", "Siento que me respetan en el trabajo."),
    ("I can speak up without fear.", "Puedo opinar sin miedo."),
]
FREQUENCY = [
    (
        "How often do you feel worn out after work?",
        "¿Con qué frecuencia termina sin fuerzas el trabajo?",
    ),
    ("How often do you sleep badly because of work?", "¿Con qué frecuencia duerme mal por el trabajo?"),
    ("How often do you skip your lunch?", "¿Con qué frecuencia se queda sin almorzar?"),
    ("How often do you take work home?", "¿Con qué frecuencia se lleva trabajo a casa?"),
]


@dataclass(frozen=True)
class Sample:
    """A paper with its bytes, the codes printed for it and the private keys of all layers, counting key first."""

    data: bytes
    paper: Paper
    codes: tuple[bytes, ...]
    private_keys: tuple[seals.PrivateKey, ...]
    door_key: seals.PrivateKey

    @property
    def survey(self) -> str:
        return self.paper.survey.hex()

    @property
    def hashes(self) -> list[bytes]:
        return [codes.code_hash(self.paper.survey, code) for code in self.codes]

    def typed(self, number: int = 0) -> str:
        """A code as on its card."""
        return codes.write_code(self.codes[number])

    def somebody(self) -> Respondent:
        """A person who took a pass, as the pass point signs it."""
        person = Respondent(self.paper, secrets.token_bytes(16))
        asked, keys = person.request(), issuing_keys()
        person.take(keys[0].sign(asked.blinded_pass) + keys[1].sign(asked.blinded_receipt))
        return person

    def open_item(self, item: bytes) -> formats.PlainAnswer:
        """Take all layers off."""
        for layer in (*range(1, len(self.private_keys)), 0):
            item = hpke.open_seal(item, hpke.Purpose.TALLY, self.paper.hash, layer, self.private_keys[layer])
        return formats.read_plain(item, self.paper.layout.size)


@cache
def issuing_keys() -> tuple[IssuingKey, IssuingKey]:
    """The pass key and the receipt key of every sample; making one takes a while."""
    return IssuingKey.new(), IssuingKey.new()


def make_sample(codes_printed: int = 3, **changes: Any) -> Sample:
    """A survey with its keys; `changes` replace entries of the paper."""
    content = _content() | {"client": dict(client_files.hashes())} | changes
    survey = secrets.token_bytes(16)
    ids = [party["id"] for party in content["parties"] if party["seals"]]
    keys = tuple(seals.new_private_key() for _ in (None, *ids))
    public = [hpke.public_bytes(key) for key in keys]
    door_key = seals.new_private_key()
    moduli = issuing_keys()[0].modulus, issuing_keys()[1].modulus
    block = seals.SealsBlock(survey, public[0], hpke.public_bytes(door_key), tuple(ids), tuple(public[1:]), moduli)
    content |= {"survey": survey.hex(), "seals": block.to_json()}
    content = {**content, "promise": promise(content)} | changes
    data = formats.canonical_json(content)
    return Sample(data, read_paper(data), tuple(codes.draw_codes(codes_printed)), keys, door_key)


def publish(sample: Sample) -> Sample:
    """Put the sample on the respondents' door with its codes and its door key."""
    written = sample.door_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    key_folder.write(sample.survey, key_folder.Kind.DOOR, written)
    actions.keep_client()
    actions.publish_paper(sample.data)
    actions.add_codes(sample.survey, sample.hashes)
    return sample


def text(en: str, es: str = "") -> dict[str, str]:
    return {"en": en, "es": es or en}


def _content() -> dict[str, Any]:
    questions = _questions()
    names = [question["id"] for question in questions]
    return {
        "format": "cg1-paper",
        "district": cast.DISTRICT,
        "initiative": text("Well Rooted", "Con Buenas Raíces"),
        "parties": _parties(),
        "title": text("How is work going for you?", "¿Cómo le va en el trabajo?"),
        "purpose": text(
            "We ask everyone who works in Alder Valley schools, from the bus yard to the front office.",
            "Preguntamos a todas las personas que trabajan en las escuelas de Alder Valley.",
        ),
        "message": text(
            "We ask together, and we will read the totals together.", "Preguntamos juntos y leeremos juntos."
        ),
        "languages": ["en", "es"],
        "timezone": "America/Los_Angeles",
        "window": {"opens": "2026-11-16T14:00:00Z", "closes": "2026-12-12T04:00:00Z"},
        "opening_on": "2026-12-14",
        "results_by": "2027-01-08",
        "addresses": {"answer": "http://127.0.0.1:8001", "pass": "http://localhost:8000/pass/"},
        "reminders": ["2026-11-23"],
        "contact": text("the committee, 555-0142", "el comité, 555-0142"),
        "minimum_group": 10,
        "publish": "joint_key",
        "destroy_after_days": 180,
        "unopened_after_days": 60,
        "parts": [
            {"title": text("Your work day", "Su jornada"), "questions": names[:10]},
            {"title": text("How you feel", "Cómo se siente"), "questions": names[10:20]},
            {"title": text("What would help", "Qué ayudaría"), "questions": names[20:27]},
            {"title": text("About you", "Sobre usted"), "questions": names[27:]},
        ],
        "questions": questions,
        "table_plan": {"margins": ["q28", "q29"], "pairs": [["q28", "q29"]]},
        "eligible": 1482,
        "comments": {
            "reviewers": [
                {"party": f"{number:032x}", "name": name, "key": ""}
                for number, name in ((1, cast.GRACE.name), (4, cast.TOM.name))
            ],
            "alert": text("Priya Nair, 555-0170", "Priya Nair, 555-0170"),
        },
        "help_lines": [
            text("Call or text 988. A person listens, day and night.", "Llame o escriba al 988, de día y de noche.")
        ],
    }


def _parties() -> list[dict[str, Any]]:
    kinds = {cast.MANAGEMENT: "management"}
    return [
        {
            "id": f"{number:032x}",
            "name": name,
            "short": cast.SHORT[name],
            "kind": kinds.get(name, "labor_organization"),
            "seals": True,
        }
        for number, name in enumerate((*cast.LABOR, cast.MANAGEMENT), start=1)
    ]


def _questions() -> list[dict[str, Any]]:
    made = [_question(AGREEMENT[n % 7], "agreement") for n in range(14)]
    made += [_question(FREQUENCY[n % 4], "frequency", health=n % 4 == 1) for n in range(8)]
    made += [_question(("How likely are you to stay?", "¿Qué tan probable es que se quede?"), "scale10")] * 2
    made += [_question(("What would help you most?", "¿Qué le ayudaría más?"), "several", ["Cover", "Pay", "Rest"])]
    kept = _question(("What should we keep?", "¿Qué debemos conservar?"), "text", limit=500)
    made += [{**kept, "quote": True}, kept]
    made += [
        _question(("Where do you work?", "¿Dónde trabaja?"), "one", ["Mill Creek", "Cedar"], group="site"),
        _question(("What is your work?", "¿Qué trabajo hace?"), "one", ["Teaching", "Other"], group="job_family"),
        _question(("Since when?", "¿Desde cuándo?"), "one", ["Under 5 years", "Longer"], group="tenure"),
    ]
    return [{**question, "id": f"q{number}"} for number, question in enumerate(made, start=1)]


def _question(words: tuple[str, str], kind: str, options: list[str] | None = None, **more: Any) -> dict[str, Any]:
    labels = [text(*pair) for pair in SCALES.get(kind, [(option, option) for option in options or ()])]
    return {
        "kind": kind,
        "text": text(*words),
        "help": None,
        "options": [{"text": label} for label in labels],
        "limit": more.get("limit", 500),
        "health": more.get("health", False),
        "group": more.get("group"),
    }


SCALES = {
    "agreement": [
        ("Strongly disagree", "Muy en desacuerdo"),
        ("Disagree", "En desacuerdo"),
        ("Neither agree nor disagree", "Ni de acuerdo ni en desacuerdo"),
        ("Agree", "De acuerdo"),
        ("Strongly agree", "Muy de acuerdo"),
    ],
    "frequency": [
        ("Never", "Nunca"),
        ("Rarely", "Rara vez"),
        ("Sometimes", "A veces"),
        ("Often", "Con frecuencia"),
        ("Always", "Siempre"),
    ],
    "scale10": [(str(number), str(number)) for number in range(11)],
}
