"""Which column of a staff list is what, and which columns are never read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commonground.partnership.stafflist.cells import clean, fold
from commonground.partnership.stafflist.faults import gettext_noop

_ = gettext_noop


class Field(StrEnum):
    """What the partnership needs to know of a person. Role and status only decide who is left out."""

    NUMBER = "number"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    SITE = "site"
    SHIFT = "shift"
    JOB_CLASS = "job_class"
    UNIT = "unit"
    LANGUAGE = "language"
    ROLE = "role"
    STATUS = "status"


LABELS: Mapping[Field, str] = {
    Field.NUMBER: _("Employee number"),
    Field.GIVEN_NAME: _("First name"),
    Field.FAMILY_NAME: _("Last name"),
    Field.FULL_NAME: _("Full name"),
    Field.EMAIL: _("E-mail"),
    Field.SITE: _("Place"),
    Field.SHIFT: _("Shift"),
    Field.JOB_CLASS: _("Job class"),
    Field.UNIT: _("Bargaining unit"),
    Field.LANGUAGE: _("Preferred language"),
    Field.ROLE: _("Role (pupils and parents are left out)"),
    Field.STATUS: _("Status (deleted people are left out)"),
}

NAMES = frozenset({Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME})
REQUIRED = (Field.NUMBER, Field.SITE, Field.JOB_CLASS, Field.UNIT)

# Headings as exports write them, without case, accents, spaces and signs; the first that is present wins.
_HEADINGS: Mapping[Field, str] = {
    Field.NUMBER: """
        employeenumber employeeid employeeno employee# emp# staff# id# empid empno empnum empnumber empl emplid eeid
        staffid staffnumber staffno personnelnumber personnelid personid workerid badgenumber
        sourcedid teacherid teachernumber sisid userid identifier hrid numerodeempleado
        numeroempleado nodeempleado noempleado numempleado idempleado iddeempleado idempleada
        numerodepersonal clavedeempleado matricula id number numero
    """,
    Field.GIVEN_NAME: """
        givenname firstname fname first given forename legalfirstname nombre nombres primernombre
        nombredepila
    """,
    Field.FAMILY_NAME: """
        familyname lastname surname lname last family legallastname apellidos apellido
        apellidopaterno primerapellido
    """,
    Field.FULL_NAME: """
        fullname employeename staffname displayname teachername nombrecompleto nombreyapellido
        nombreyapellidos apellidosynombre apellidosynombres nombredelempleado name
    """,
    Field.EMAIL: """
        email emailaddress workemail workemailaddress staffemail teacheremail schoolemail
        districtemail employeeemail mail emailwork userprincipalname correoelectronico correo
        correodetrabajo correolaboral correoinstitucional emailinstitucional emaillaboral
    """,
    Field.SITE: """
        primaryorg primaryorgsourcedid site sitecode siteid sitename school schoolid schoolcode
        schoolname schoolnumber schoolsisid worksite worksitecode workplace worklocation location
        locationcode locationid locationname primarysite primaryschool homeschool building
        buildingcode place campus plantel orgsourcedids orgsourcedid orgid sitio escuela
        codigodeescuela centro centrodetrabajo lugar lugardetrabajo ubicacion edificio sede
    """,
    Field.SHIFT: """
        shift shiftcode shiftname workshift shiftstart starttime turno jornada horario horadeinicio
        horadeentrada
    """,
    Field.JOB_CLASS: """
        jobclass jobclasscode jobclassification jobtitle jobcode classification class title position
        positiontitle positionname occupation clasedepuesto clasificacion puesto cargo titulo
        ocupacion categoria
    """,
    Field.UNIT: """
        bargainingunit bargainingunitcode bargunit bargainingunitid bargainingunitname
        bargaininggroup unioncode unionunit bu unit unitcode unidaddenegociacion unidadnegociadora
        unidaddenegociacioncolectiva unidad
    """,
    Field.LANGUAGE: """
        preferredlanguage preferredlang languagepreference languagepreferred correspondencelanguage
        communicationlanguage language languagecode lang idiomapreferido idiomadepreferencia
        lenguapreferida idioma lengua
    """,
    Field.ROLE: "role staffrole userrole rol",
    Field.STATUS: "status recordstatus employmentstatus estatus",
}
_RANKED: Mapping[Field, Mapping[str, int]] = {
    each: {word: rank for rank, word in enumerate(words.split())} for each, words in _HEADINGS.items()
}
_KNOWN_HEADINGS = frozenset(word for words in _RANKED.values() for word in words)


class Reason(StrEnum):
    """Why a column was not read."""

    MEMBERSHIP = "membership"
    BIRTH = "birth"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    OFFICIAL_NUMBER = "official_number"
    PASSWORD = "password"
    PAY = "pay"
    PRIVATE_CONTACT = "private_contact"
    HOME = "home"
    HEALTH = "health"
    FAMILY = "family"
    CONDUCT = "conduct"
    NOT_NEEDED = "not_needed"


REASONS: Mapping[Reason, str] = {
    Reason.MEMBERSHIP: _("We keep the bargaining unit, never union membership or dues."),
    Reason.BIRTH: _("We keep no birth dates and no ages."),
    Reason.SEX: _("We keep neither sex nor gender."),
    Reason.ETHNICITY: _("We keep neither ethnicity nor race."),
    Reason.OFFICIAL_NUMBER: _("We keep no Social Security or other official numbers."),
    Reason.PASSWORD: _("We keep no passwords. Please leave them out of every export."),
    Reason.PAY: _("We keep nothing about pay."),
    Reason.PRIVATE_CONTACT: _("We keep no telephone numbers and no private addresses."),
    Reason.HOME: _("We keep no home addresses."),
    Reason.HEALTH: _("We keep nothing about health or leave."),
    Reason.FAMILY: _("We keep nothing about family, faith or service."),
    Reason.CONDUCT: _("We keep nothing about evaluations, discipline or grievances."),
    Reason.NOT_NEEDED: _("We have no use for it."),
}

# Looked for in a heading with its words set apart ("homeAddress" is "home address"); the first match counts.
_PRIVATE: tuple[tuple[Reason, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        (Reason.PASSWORD, r"passw|passcode|\bpwd\b|\bpin\b|contrasena|clave (de acceso|secreta)"),
        (
            Reason.OFFICIAL_NUMBER,
            r"\bssn|ssn\b|social ?sec|seguro social|\bitin\b|\btax ?id|\bnss\b|passport|pasaporte|driver|"
            r"\bvisa\b|citizen|ciudadan|immigra|inmigra|migrator",
        ),
        (
            Reason.MEMBERSHIP,
            r"^union$|union ?(member|status|dues|join)|\bdues\b|\bmember|miembro|afilia|\bcuotas?\b|"
            r"sindic|agency ?fee|fair ?share|\bcope\b",
        ),
        (Reason.BIRTH, r"birth|\bdob\b|\bage\b|nacimiento|\bedad\b|cumpleanos"),
        (Reason.SEX, r"\bsex(o)?\b|gender|\bgenero\b|pronoun|pronombre|orientation|orientacion"),
        (
            Reason.ETHNICITY,
            r"ethnic|\brac(e|ial)\b|\braza\b|\betnia|\betnic|hispanic|hispano|latin[oa]|american ?indian|"
            r"alaska ?native|\basian\b|african ?american|native ?hawaiian|pacific ?islander|^white$|^black|"
            r"tribal|two ?or ?more ?races|national ?origin",
        ),
        (
            Reason.PAY,
            r"salar|\bwages?\b|\bpay|\bsueldo|\bnomina\b|hourly|compensation|\bbank|\brouting\b|\biban\b|earning",
        ),
        (
            Reason.PRIVATE_CONTACT,
            r"phone|\bsms\b|\bmobile|\bcell\b|telefono|celular|\bmovil|emergenc|"
            r"(personal|home|private|secondary|alternate|other) ?e? ?mail|"
            r"correo (personal|privado|particular)",
        ),
        (
            Reason.HOME,
            r"address|\bstreet|\bcity\b|\bzip|postal|\bhome\b|domicilio|direccion|\bcalle\b|\bciudad\b",
        ),
        (
            Reason.HEALTH,
            r"\bhealth|medical|disab|discapac|\bsalud\b|\bmedic[oa]|accommodation|vaccin|vacuna|\bleave\b|"
            r"workers ?comp",
        ),
        (Reason.FAMILY, r"marital|spouse|\bdepend[ei]e?nt|estado civil|conyuge|religi|veteran"),
        (Reason.CONDUCT, r"disciplin|grievance|evaluat|evaluacion|\bqueja|performance"),
    )
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that was not read, why, and in how many lines something stood in it (private columns only)."""

    heading: str
    reason: Reason
    filled: int = 0


def guess_mapping(headings: Sequence[str]) -> dict[Field, int]:
    """Return for each field the column whose heading names it best; fields without one are missing.

    A column serves one field. A full name is taken only where first and last name are not both there.
    """
    compact = [_compact(heading) for heading in headings]
    mapping: dict[Field, int] = {}
    for each, ranks in _RANKED.items():
        found = [(ranks[word], index) for index, word in enumerate(compact) if word in ranks]
        if found:
            mapping[each] = min(found)[1]
    if Field.GIVEN_NAME in mapping and Field.FAMILY_NAME not in mapping and Field.FULL_NAME not in mapping:
        _take_lone_name_as_full(compact, mapping)
    elif Field.GIVEN_NAME in mapping and Field.FAMILY_NAME in mapping:
        mapping.pop(Field.FULL_NAME, None)
    return mapping


def _take_lone_name_as_full(compact: Sequence[str], mapping: dict[Field, int]) -> None:
    if compact[mapping[Field.GIVEN_NAME]] in {"nombre", "nombres"}:
        mapping[Field.FULL_NAME] = mapping.pop(Field.GIVEN_NAME)


def recognised(headings: Sequence[str]) -> int:
    """Return how many of these cells are headings that we know, to use or to leave alone."""
    return sum(_compact(cell) in _KNOWN_HEADINGS or private(cell) is not None for cell in headings if cell)


def private(heading: str) -> Reason | None:
    """Return why a column with this heading must not be read, or None if nothing speaks against it."""
    if _compact(heading) in _KNOWN_HEADINGS:
        return None
    words = fold(_CAMEL.sub(" ", clean(heading)))
    return next((reason for reason, pattern in _PRIVATE if pattern.search(words)), None)


def may_be_unit(heading: str) -> bool:
    """Say whether a heading can mean a unit as well as membership, so that only a person may choose it."""
    return fold(heading) in {"union", "sindicato"}


def unread(headings: Sequence[str], mapping: Mapping[Field, int], filled: Mapping[int, int]) -> list[Unread]:
    """Return the columns that the mapping leaves out, private ones first, with how often they were filled."""
    left = [index for index, heading in enumerate(headings) if heading and index not in mapping.values()]
    columns = [Unread(headings[i], private(headings[i]) or Reason.NOT_NEEDED, filled.get(i, 0)) for i in left]
    return sorted(columns, key=lambda column: column.reason is Reason.NOT_NEEDED)


def _compact(heading: str) -> str:
    text = clean(heading)
    return fold(text).replace(" ", "") + ("#" if text.endswith("#") else "")
