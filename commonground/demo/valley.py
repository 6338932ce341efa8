"""What Alder Valley Unified is made of: places, shifts, jobs, units, languages. All of it is invented."""

from dataclasses import dataclass
from uuid import UUID

from commonground.access.actor import Actor
from commonground.demo import cast
from commonground.partnership import structure

LEVELS = (
    ("elementary", "Elementary schools", "Escuelas primarias"),
    ("secondary", "Middle and high schools", "Escuelas intermedias y preparatorias"),
    ("departments", "Departments", "Departamentos"),
)


@dataclass(frozen=True)
class Place:
    """A site: code, names, level, how many work there, and how many of them nobody or Local 27 represents."""

    code: str
    name_en: str
    name_es: str
    level: str
    staff: int
    unrepresented: int
    trades: int = 0


SITES = (
    Place("101", "Birch Lane", "Birch Lane", "elementary", 78, 2),
    Place("102", "Cottonwood", "Cottonwood", "elementary", 75, 2),
    Place("103", "Dogwood", "Dogwood", "elementary", 84, 2),
    Place("104", "Elderberry", "Elderberry", "elementary", 72, 2),
    Place("105", "Fern Hollow", "Fern Hollow", "elementary", 83, 2),
    Place("106", "Gold Hill", "Gold Hill", "elementary", 66, 2),
    Place("107", "Hazel Creek", "Hazel Creek", "elementary", 89, 2),
    Place("108", "Ironwood", "Ironwood", "elementary", 73, 2),
    Place("109", "Juniper", "Juniper", "elementary", 92, 2),
    Place("110", "Mill Creek Middle", "Intermedia Mill Creek", "secondary", 104, 3),
    Place("111", "Orchard Middle", "Intermedia Orchard", "secondary", 112, 3),
    Place("112", "Alder Valley High", "Preparatoria Alder Valley", "secondary", 257, 7),
    Place("113", "Cedar Continuation", "Escuela de continuación Cedar", "secondary", 14, 1),
    Place("114", "Transport yard", "Patio de transporte", "departments", 61, 2, trades=57),
    Place("115", "Central kitchen and satellites", "Cocina central y satélites", "departments", 104, 2),
    Place(
        "116", "District office and maintenance", "Oficina del distrito y mantenimiento", "departments", 118, 55, 27
    ),
)
SHIFTS = (
    ("day", "Day", "Día"),
    ("evening", "Evening", "Tarde y noche"),
    ("0500", "From 5 in the morning", "Desde las 5 de la mañana"),
    ("1300", "From 1 in the afternoon", "Desde la 1 de la tarde"),
    ("short", "Three to five hours", "De tres a cinco horas"),
)
FAMILIES = (
    ("teaching", "Teaching and other certificated", "Docencia y otro personal certificado"),
    ("para", "Paraeducators", "Asistentes educativos"),
    ("admin", "Administrators and confidential", "Administración y personal de confianza"),
    ("office", "Office", "Oficina"),
    ("custodial", "Custodial and grounds", "Limpieza y jardines"),
    ("food", "Food service", "Servicio de comidas"),
    ("transport", "Transportation", "Transporte"),
    ("trades", "Skilled trades", "Oficios"),
    ("technical", "Technical", "Personal técnico"),
)
CLASSES = (
    ("teacher", "Teacher", "Docente", "teaching"),
    ("counselor", "Counselor, nurse or psychologist", "Consejería, enfermería o psicología", "teaching"),
    ("aide", "Paraeducator", "Asistente educativo", "para"),
    ("administrator", "Administrator", "Administrador", "admin"),
    ("confidential", "Confidential employee", "Personal de confianza", "admin"),
    ("secretary", "Office assistant", "Asistente de oficina", "office"),
    ("custodian", "Custodian", "Conserje", "custodial"),
    ("groundskeeper", "Groundskeeper", "Jardinero", "custodial"),
    ("cook", "Cook or kitchen helper", "Cocina", "food"),
    ("driver", "Bus driver", "Conductor de autobús", "transport"),
    ("mechanic", "Mechanic or tradesperson", "Mecánica u otro oficio", "trades"),
    ("technician", "Technician", "Técnico", "technical"),
)
UNITS = (
    (
        "AVTA",
        "Alder Valley Teachers Association unit",
        "Unidad de Alder Valley Teachers Association",
        cast.TEACHERS,
    ),
    (
        "CEC212",
        "Classified Employees Chapter 212 unit",
        "Unidad de Classified Employees Chapter 212",
        cast.CLASSIFIED,
    ),
    ("BTL27", "Bus and Trades Local 27 unit", "Unidad de Bus and Trades Local 27", cast.TRADES),
    ("none", "Not represented", "Sin representación", ""),
)
LANGUAGES = (
    ("en", "English", "Inglés"),
    ("es", "Spanish", "Español"),
    ("vi", "Vietnamese", "Vietnamita"),
    ("tl", "Tagalog", "Tagalo"),
    ("other", "Another language", "Otro idioma"),
)


def build(actor: Actor, parties: dict[str, UUID]) -> None:
    """Write the district's places, shifts, jobs, units and languages; `parties` gives the party ids by name."""
    for kind, rows in (("level", LEVELS), ("shift", SHIFTS), ("family", FAMILIES), ("language", LANGUAGES)):
        ids = {code: structure.add(actor, kind, code=code, name_en=en, name_es=es).pk for code, en, es in rows}
        if kind == "level":
            levels = ids
        if kind == "family":
            families = ids
    for site in SITES:
        structure.add(
            actor, "site", code=site.code, name_en=site.name_en, name_es=site.name_es, parent_id=levels[site.level]
        )
    for code, en, es, family in CLASSES:
        structure.add(actor, "class", code=code, name_en=en, name_es=es, parent_id=families[family])
    for code, en, es, party in UNITS:
        structure.add(actor, "unit", code=code, name_en=en, name_es=es, parent_id=parties.get(party))
