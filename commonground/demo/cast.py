"""The cast everyone knows: the same people in the demonstration, in tests and in the pictures."""

from dataclasses import dataclass

from commonground.access.actor import Role

DISTRICT = "Alder Valley Unified School District"
SLUG = "alder-valley"
TEACHERS = "Alder Valley Teachers Association"
CLASSIFIED = "Classified Employees Chapter 212"
TRADES = "Bus and Trades Local 27"
MANAGEMENT = DISTRICT
LABOR = (TEACHERS, CLASSIFIED, TRADES)
SHORT = {TEACHERS: "AVTA", CLASSIFIED: "CEC 212", TRADES: "Local 27", MANAGEMENT: "AVUSD"}


@dataclass(frozen=True)
class CastMember:
    """Somebody of the cast: name, mailbox, role, and the party spoken for (empty for those who serve both)."""

    name: str
    email: str
    role: Role
    party: str = ""
    founder: bool = False


LUZ = CastMember("Luz Ortega", "luz@chapter212.example", Role.COCHAIR, CLASSIFIED, founder=True)
DANA = CastMember("Dana Whitfield", "dana@avta.example", Role.COCHAIR, TEACHERS, founder=True)
RAY = CastMember("Ray Tran", "ray@local27.example", Role.COCHAIR, TRADES, founder=True)
DENISE = CastMember("Denise Park", "denise@avusd.example", Role.COCHAIR, MANAGEMENT, founder=True)
SAM = CastMember("Sam Abara", "sam@wellrooted.example", Role.COORDINATOR)
ELENA = CastMember("Elena Ruiz", "elena@chapter212.example", Role.MEMBER, CLASSIFIED)
ANA = CastMember("Ana Silva", "ana@local27.example", Role.ALTERNATE, TRADES)
TOM = CastMember("Tom Reyes", "tom@avusd.example", Role.ALTERNATE, MANAGEMENT)
HELEN = CastMember("Helen Castro", "helen@avusd.example", Role.SPONSOR, MANAGEMENT)
GRACE = CastMember("Grace Okafor", "grace@avta.example", Role.ALTERNATE, TEACHERS)
VICTOR = CastMember("Victor Salas", "victor@chapter212.example", Role.SPONSOR, CLASSIFIED)
"""President of Chapter 212 until May: the account exists, the role has ended."""
IMANI = CastMember("Imani Brooks", "imani@chapter212.example", Role.SPONSOR, CLASSIFIED)
"""President of Chapter 212 since May."""
FACILITATOR = CastMember("Noor Haddad", "noor@facilitators.example", Role.FACILITATOR)
LEFT = CastMember("Pat Lindqvist", "pat@avta.example", Role.MEMBER, TEACHERS)
"""Left last year: the account exists, the role has ended."""
NEIGHBOR = CastMember(
    "Robin Achebe", "robin@cedarridge.example", Role.COCHAIR, "Cedar Ridge Educators", founder=True
)
"""Labor co-chair of the next district, Cedar Ridge."""

CAST = (LUZ, DANA, RAY, DENISE, SAM, ELENA, ANA, TOM, HELEN, GRACE, IMANI, FACILITATOR)
EVERYBODY = (*CAST, LEFT, VICTOR, NEIGHBOR)
