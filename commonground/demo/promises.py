"""What the parties of the demonstration agreed in their first year, and what they did not.

Ground rules, a memorandum that runs out soon, a side letter that has expired, a pause in March, a new president of
a labor organization in May, and two decisions that a party sent back.
"""

from dataclasses import replace
from datetime import date, datetime

from commonground.agreements import writing
from commonground.agreements.contents import Both
from commonground.agreements.terms import AgreementKind, Terms
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.demo.cast import CastMember
from commonground.demo.story import ZONE, District, day, first_year, in_first_year
from commonground.partnership import actions as partnership
from commonground.partnership.models import Membership

GROUND_RULES = Terms(
    AgreementKind.GROUND_RULES,
    title=Both("How we work at this table", "Cómo trabajamos en esta mesa"),
    text=Both(
        "We presume that everyone means well.\nWe speak for our party and listen to the end.\nWe take notes, also "
        "when trust is high.\nWhat is bargained stays at the bargaining table.\nA new leader of any party is "
        "welcomed within a month, with these rules and our last notes.",
        "Partimos de que todos tienen buena intención.\nHablamos por nuestra parte y escuchamos hasta el final.\n"
        "Tomamos notas, también cuando hay confianza.\nLo que se negocia se queda en la mesa de negociación.\nCada "
        "nueva persona al frente de una parte recibe en un mes la bienvenida, estas reglas y las últimas notas.",
    ),
)
MEETINGS = Terms(
    AgreementKind.MEMORANDUM,
    title=Both("Two hours a month in work time", "Dos horas al mes en horario de trabajo"),
    text=Both(
        "The committee meets on the second Tuesday of each month, two hours, in work time. The district finds "
        "substitutes for those who teach or drive at that hour.",
        "El comité se reúne el segundo martes de cada mes, dos horas, en horario de trabajo. El distrito busca "
        "quien reemplace a quienes a esa hora dan clase o conducen.",
    ),
)
CHAMPIONS = Terms(
    AgreementKind.SIDE_LETTER,
    title=Both("Paid hours for champions who work by the hour", "Horas pagadas para personas promotoras por hora"),
    text=Both(
        "A champion who is an hourly worker is paid at the usual hourly rate for up to two hours a month.\n"
        "The champion writes each hour into the log at the site: the day, from when to when, and what was done. "
        "The site office sends the log to payroll by the fifth of the next month.\n"
        "Every hour in the log is paid. More than two hours in a month need a yes from the supervisor first.",
        "A cada persona promotora que trabaja por hora se le paga su tarifa usual por hasta dos horas al mes.\n"
        "La persona anota cada hora en el registro del lugar: el día, de qué hora a qué hora, y qué se hizo. "
        "La oficina del lugar envía el registro a nóminas antes del día cinco del mes siguiente.\n"
        "Toda hora del registro se paga. Para más de dos horas al mes antes hace falta el sí de quien supervisa.",
    ),
)
PAUSE = Terms(
    AgreementKind.PAUSE,
    title=Both("Pause while the bus contract is bargained", "Pausa mientras se negocia el contrato de transporte"),
    text=Both(
        "Bus and Trades Local 27 and the district bargain the contract of the transport yard this month. The same "
        "people would sit at both tables, and neither table should be used for the other.",
        "Bus and Trades Local 27 y el distrito negocian este mes el contrato del patio de transporte. Las mismas "
        "personas estarían en las dos mesas, y ninguna debe servir para los fines de la otra.",
    ),
    goes_on=Both(
        "The walking groups, the quiet room at the yard, and the paid hours of champions.",
        "Los grupos de caminata, la sala tranquila del patio y las horas pagadas de las personas promotoras.",
    ),
    waits=Both(
        "New surveys and new decisions of the committee.", "Encuestas nuevas y decisiones nuevas del comité."
    ),
    message=Both(
        "Labor and management are pausing their common meetings while a contract is bargained. What was promised "
        "to you goes on. We meet again this month and will tell you then.",
        "Los sindicatos y la administración hacen una pausa en sus reuniones comunes mientras se negocia un "
        "contrato. Lo que se le prometió sigue. Nos volvemos a reunir este mes y entonces le informaremos.",
    ),
)
RECONVENING = Terms(
    AgreementKind.RECONVENE,
    title=Both("We come together again", "Volvemos a reunirnos"),
    text=Both(
        "The contract of the transport yard is settled. The committee takes up its work where it stopped, with the "
        "same charter and the same notes.",
        "El contrato del patio de transporte está acordado. El comité retoma su trabajo donde lo dejó, con la "
        "misma carta y las mismas notas.",
    ),
    message=Both(
        "Labor and management meet again. Nothing was lost in the pause.",
        "Los sindicatos y la administración vuelven a reunirse. No se perdió nada en la pausa.",
    ),
)
CARDS = Terms(
    AgreementKind.DECISION,
    title=Both("Thank-you cards of $25 for champions", "Tarjetas de $25 para agradecer a las personas promotoras"),
    text=Both(
        "At the end of the school year each champion gets a gift card of $25 from the well-being budget.",
        "Al final del año escolar cada persona promotora recibe una tarjeta de regalo de $25 del "
        "presupuesto de bienestar.",
    ),
)
CARDS_BACK = (
    "A $25 card may count as taxable pay, and for our hourly members it must not stand in for paid hours. Please "
    "ask payroll first, or thank the teams with a lunch."
)
PREMIUM = Terms(
    AgreementKind.DECISION,
    title=Both("A lower premium for those who take part", "Una prima más baja para quienes participan"),
    text=Both(
        "Staff who join an activity in the fall pay a lower health premium in the spring.",
        "El personal que se une a una actividad en otoño paga en primavera primas de salud más bajas.",
    ),
)
PREMIUM_BACK = (
    "Premiums are bargained, so this table cannot decide them. Our charter says so as well. Please bring it to the "
    "bargaining table, or leave it out."
)


def make(district: District) -> None:
    """Live through the agreements of the first year, in their order."""
    with in_first_year(10, 9):
        district.turn_all(_lay(district, cast.LUZ, GROUND_RULES))
    with in_first_year(10, 23):
        dated = replace(CHAMPIONS, effective_on=_on(11, 2), expires_on=_on(6, 12))
        district.turn_all(_lay(district, cast.LUZ, dated))
    with in_first_year(10, 30):
        district.turn_all(_lay(district, cast.DENISE, replace(MEETINGS, expires_on=day(45))))
    _pause_in_march(district)
    with in_first_year(5, 12):
        _new_president(district)
    _send_back(district, CARDS, cast.RAY, "wording", CARDS_BACK, 3)
    _send_back(district, PREMIUM, cast.DANA, "bargaining", PREMIUM_BACK, 10)


def _on(month: int, of_month: int) -> date:
    return first_year(datetime.now(ZONE).date(), month, of_month).date()


def _lay(district: District, author: CastMember, terms: Terms) -> FrozenText:
    """Write a text as one of the cast and lay it before the parties."""
    actor = district.actor(author)
    draft = writing.start(actor, terms.kind)
    saved = writing.save(actor, draft.pk, draft.revision, terms)
    return writing.lay_before_parties(actor, saved.pk, saved.revision)


def _pause_in_march(district: District) -> None:
    asked_by = district.parties[cast.TRADES]
    with in_first_year(3, 5):
        district.turn_all(_lay(district, cast.RAY, replace(PAUSE, asked_by=asked_by, meets_on=_on(3, 26))))
    with in_first_year(3, 26, 15):
        district.turn_all(_lay(district, cast.DENISE, RECONVENING))


def _new_president(district: District) -> None:
    """The members of Chapter 212 elected a new president: one role ends, and the successor accepts hers."""
    luz = district.actor(cast.LUZ)
    held = Membership.rows.within(district.partnership.pk).get(person__email=cast.VICTOR.email)
    partnership.end_role(luz, held.pk)
    new = cast.IMANI
    secret = partnership.offer(luz, email=new.email, name=new.name, role=new.role, party_id=luz.party_id)
    partnership.accept_letter(secret, new.name)


def _send_back(district: District, terms: Terms, by: CastMember, about: str, reason: str, of_june: int) -> None:
    """Management proposes a decision in early June; a labor organization sends it back two days later."""
    with in_first_year(6, of_june):
        text = _lay(district, cast.DENISE, terms)
    with in_first_year(6, of_june + 2):
        approvals.send_back(district.actor(by), text.pk, about=about, reason=reason)
