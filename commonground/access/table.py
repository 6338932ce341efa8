"""The one permission table.

Each act has one row: who may do it, how many keys it takes, what must hold besides, where the record of it goes,
and one plain sentence. A right that is not here does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from commonground.access.actor import Actor, Role

COMMITTEE = (Role.COCHAIR, Role.MEMBER, Role.ALTERNATE, Role.SPONSOR, Role.COORDINATOR, Role.KEEPER)
WRITERS = (Role.COCHAIR, Role.MEMBER, Role.COORDINATOR)
READERS = (*COMMITTEE, Role.FACILITATOR, Role.BOARD_MEMBER, Role.CHAMPION)


class Keys(Enum):
    """How many keys an act takes."""

    NONE = "none"
    ONE = "the party's own"
    ALL = "one from every bound party"


class Record(Enum):
    """Where an act is recorded."""

    JOINT = "joint ledger"
    OWN = "the party's own ledger"
    NONE = "not recorded"


class Action(StrEnum):
    """Every act and every protected page, named as a verb."""

    SEE_HOME = "see_home"
    SEE_PEOPLE = "see_people"
    INVITE = "invite"
    WITHDRAW_INVITATION = "withdraw_invitation"
    ACCEPT_INVITATION = "accept_invitation"
    END_MEMBERSHIP = "end_membership"
    FOUND_DISTRICT = "found_district"
    RESET_SIGN_IN = "reset_sign_in"
    ERASE_PERSON = "erase_person"
    SEE_STRUCTURE = "see_structure"
    EDIT_STRUCTURE = "edit_structure"
    SEE_STAFF_LIST = "see_staff_list"
    READ_STAFF_FILE = "read_staff_file"
    IMPORT_STAFF = "import_staff"
    SEE_LEDGER = "see_ledger"
    SEE_OWN_LEDGER = "see_own_ledger"
    SEE_TEXTS = "see_texts"
    FREEZE_TEXT = "freeze_text"
    TURN_KEY = "turn_key"
    TAKE_KEY_BACK = "take_key_back"
    SEND_BACK = "send_back"
    SEE_CHARTER = "see_charter"
    DRAFT_CHARTER = "draft_charter"
    SEE_AGREEMENTS = "see_agreements"
    DRAFT_AGREEMENT = "draft_agreement"
    SEE_SURVEYS = "see_surveys"
    DRAFT_SURVEY = "draft_survey"
    JUDGE_QUESTION = "judge_question"
    SCREEN_QUESTION = "screen_question"
    PREPARE_SEALS = "prepare_seals"
    MAKE_SEAL = "make_seal"
    ISSUE_CODES = "issue_codes"
    WITNESS_PILE = "witness_pile"
    STAY_AT_PILE = "stay_at_pile"
    LET_DRAW = "let_draw"
    PROPOSE_ERRATUM = "propose_erratum"
    CLOSE_SURVEY = "close_survey"
    OPEN_SEAL = "open_seal"
    COUNT_ANSWERS = "count_answers"
    NAME_REVIEWER = "name_reviewer"
    MAKE_READING_KEY = "make_reading_key"
    REVIEW_COMMENTS = "review_comments"
    RAISE_COMMENT = "raise_comment"
    ADD_THEME = "add_theme"
    STOP_TALLY = "stop_tally"
    ASK_FURTHER_TABLES = "ask_further_tables"
    END_OPENING_ANEW = "end_opening_anew"
    HAND_IN_PROOF = "hand_in_proof"
    SEE_RELEASE = "see_release"
    PROPOSE_PUBLISHING = "propose_publishing"
    BRING_COUNTS = "bring_counts"
    PROPOSE_COUNTS = "propose_counts"
    SEE_COMPARISONS = "see_comparisons"
    PROPOSE_LENDING = "propose_lending"
    WITHDRAW_LENDING = "withdraw_lending"
    COMPARE_DISTRICTS = "compare_districts"
    DESTROY_ANSWERS = "destroy_answers"
    CONFIRM_SHREDDING = "confirm_shredding"
    CLEAR_BACKUPS = "clear_backups"
    RESTORE_BACKUP = "restore_backup"


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    who: tuple[Role, ...]
    sentence: str
    keys: Keys = Keys.NONE
    records: Record = Record.NONE
    why_unrecorded: str = ""
    condition: Callable[[Actor], bool] | None = None


def for_a_party(actor: Actor) -> bool:
    """The actor speaks for a party, not for both."""
    return actor.party_id is not None


def holds_the_key(actor: Actor) -> bool:
    """The actor is named to turn the party's key."""
    return actor.holds_key and actor.party_id is not None


def page(who: tuple[Role, ...], sentence: str, condition: Callable[[Actor], bool] | None = None) -> Rule:
    """Return the rule of a page that only shows."""
    return Rule(who, sentence, why_unrecorded="It only shows.", condition=condition)


TABLE: dict[Action, Rule] = {
    Action.SEE_HOME: page(READERS, "Everyone with a role sees where the partnership stands."),
    Action.SEE_PEOPLE: page(COMMITTEE, "The committee sees who holds which role for which party."),
    Action.INVITE: Rule(
        (Role.COCHAIR, Role.OPERATOR),
        "A co-chair invites people to a role for the own party, or to serve both; nobody raises the own role.",
        records=Record.JOINT,
    ),
    Action.WITHDRAW_INVITATION: Rule(
        (Role.COCHAIR, Role.OPERATOR),
        "A co-chair withdraws an invitation of the own party.",
        records=Record.JOINT,
    ),
    Action.ACCEPT_INVITATION: Rule(
        (), "Whoever was invited by a letter to the own mailbox accepts with its link.", records=Record.JOINT
    ),
    Action.END_MEMBERSHIP: Rule(
        (Role.COCHAIR, Role.OPERATOR), "A co-chair ends a role of the own party.", records=Record.JOINT
    ),
    Action.FOUND_DISTRICT: Rule(
        (Role.OPERATOR,),
        "The operator opens a district and invites one founder for each party.",
        records=Record.JOINT,
    ),
    Action.RESET_SIGN_IN: Rule(
        (Role.OPERATOR,),
        "By the wish of somebody from labor and somebody from management in each district concerned, the operator "
        "gives a person another mailbox and ends every sign-in.",
        records=Record.JOINT,
    ),
    Action.ERASE_PERSON: Rule(
        (Role.OPERATOR,),
        "When all roles have ended, the operator erases a person's name and mailbox; the record keeps the bare id.",
        records=Record.JOINT,
    ),
    Action.SEE_STRUCTURE: page(COMMITTEE, "The committee sees sites, shifts, job classes and units."),
    Action.EDIT_STRUCTURE: Rule(
        (Role.COCHAIR, Role.COORDINATOR, Role.OPERATOR),
        "Co-chairs and the coordinator keep sites, shifts, job classes and units.",
        records=Record.JOINT,
    ),
    Action.SEE_STAFF_LIST: page(
        (Role.COCHAIR, Role.COORDINATOR),
        "Co-chairs and the coordinator see the staff list; it says nothing of answers.",
    ),
    Action.READ_STAFF_FILE: Rule(
        (Role.COCHAIR, Role.COORDINATOR, Role.OPERATOR),
        "Co-chairs and the coordinator look at what a staff list would change, and leave it if they wish.",
        why_unrecorded="It changes nobody; carrying it out is recorded.",
    ),
    Action.IMPORT_STAFF: Rule(
        (Role.COCHAIR, Role.COORDINATOR, Role.OPERATOR),
        "Co-chairs and the coordinator bring the staff list in, after a look at what changes.",
        records=Record.JOINT,
    ),
    Action.SEE_LEDGER: page(COMMITTEE, "The committee reads the joint record."),
    Action.SEE_OWN_LEDGER: page(
        COMMITTEE, "Who speaks for a party reads that party's own record, and no other.", condition=for_a_party
    ),
    Action.SEE_TEXTS: page(COMMITTEE, "The committee reads every text that waits for keys."),
    Action.FREEZE_TEXT: Rule(
        (*WRITERS, Role.OPERATOR),
        "Either party may freeze a text and lay it before all bound parties.",
        records=Record.JOINT,
    ),
    Action.TURN_KEY: Rule(
        (Role.COCHAIR, Role.SPONSOR, Role.MEMBER, Role.ALTERNATE),
        "A key holder turns the own party's key on the frozen text.",
        keys=Keys.ONE,
        records=Record.JOINT,
        condition=holds_the_key,
    ),
    Action.TAKE_KEY_BACK: Rule(
        (Role.COCHAIR, Role.SPONSOR, Role.MEMBER, Role.ALTERNATE),
        "Until the last key is turned, a key holder may take the own party's key back.",
        keys=Keys.ONE,
        records=Record.JOINT,
        condition=holds_the_key,
    ),
    Action.SEND_BACK: Rule(
        (Role.COCHAIR, Role.SPONSOR, Role.MEMBER, Role.ALTERNATE),
        "A key holder sends a text back to drafting with a reason.",
        keys=Keys.ONE,
        records=Record.JOINT,
        condition=holds_the_key,
    ),
    Action.SEE_CHARTER: page(READERS, "Everyone with a role reads the charter."),
    Action.DRAFT_CHARTER: Rule(
        WRITERS,
        "Either party drafts the charter.",
        why_unrecorded="A draft binds nobody; freezing is recorded.",
    ),
    Action.SEE_AGREEMENTS: page(
        READERS,
        "Everyone with a role reads the agreements in force, those that ended, and the pauses; drafts are for the "
        "committee.",
    ),
    Action.DRAFT_AGREEMENT: Rule(
        WRITERS,
        "Either party drafts an agreement, a joint decision, a pause or its end.",
        why_unrecorded="A draft binds nobody; freezing is recorded.",
    ),
    Action.SEE_SURVEYS: page(COMMITTEE, "The committee sees every survey and its draft."),
    Action.DRAFT_SURVEY: Rule(
        WRITERS,
        "Either party writes the survey.",
        why_unrecorded="A draft binds nobody; freezing is recorded.",
    ),
    Action.JUDGE_QUESTION: Rule(
        (Role.COCHAIR, Role.MEMBER),
        "Who writes for a party says whether a question is fine by it.",
        why_unrecorded="A draft binds nobody; freezing is recorded.",
        condition=for_a_party,
    ),
    Action.SCREEN_QUESTION: Rule(
        (Role.COCHAIR, Role.MEMBER),
        "Either party raises the bargaining screen of a question; only all parties together lower it.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.PREPARE_SEALS: Rule(
        (Role.COCHAIR, Role.COORDINATOR),
        "Co-chairs and the coordinator name the sealing parties and have the counting key made.",
        records=Record.JOINT,
    ),
    Action.MAKE_SEAL: Rule(
        COMMITTEE,
        "A keeper of a party hands in the public half of its seal and shows that its sheet opens it.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.ISSUE_CODES: Rule(
        (Role.COCHAIR, Role.COORDINATOR, Role.OPERATOR),
        "Co-chairs and the coordinator have codes printed and personal links mailed; "
        "the server mails what they asked for.",
        records=Record.JOINT,
    ),
    Action.WITNESS_PILE: Rule(
        COMMITTEE,
        "Somebody from labor and somebody from management hand a pile of envelopes over together: they open it, "
        "cancel what is left or spoiled, and close it with its counts.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.STAY_AT_PILE: Rule(
        COMMITTEE,
        "A witness says to be at the pile still, or to step away.",
        why_unrecorded="It only tells whether both are there.",
        condition=for_a_party,
    ),
    Action.LET_DRAW: Rule(
        COMMITTEE,
        "While both witnesses are there, either marks a person asked as having drawn; the page says the same "
        "whether the person was marked before or not.",
        why_unrecorded="An entry a person would tell who answered and when; closing records the count.",
        condition=for_a_party,
    ),
    Action.PROPOSE_ERRATUM: Rule(
        WRITERS,
        "Either party proposes an erratum beside the frozen paper.",
        records=Record.JOINT,
        keys=Keys.ALL,
    ),
    Action.CLOSE_SURVEY: Rule(
        (Role.COCHAIR, Role.COORDINATOR, Role.OPERATOR),
        "The survey closes at the time the paper names.",
        records=Record.JOINT,
    ),
    Action.OPEN_SEAL: Rule(
        COMMITTEE,
        "A keeper takes the own party's layer off, in the order of the paper, and gives its share.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.COUNT_ANSWERS: Rule(
        COMMITTEE,
        "With a share of every party the server counts in memory and stores the release.",
        records=Record.JOINT,
    ),
    Action.NAME_REVIEWER: Rule(
        (Role.COCHAIR, Role.COORDINATOR),
        "Co-chairs and the coordinator name the two people, one of each side, who read comments, and whom to tell "
        "when somebody is in danger.",
        records=Record.JOINT,
    ),
    Action.MAKE_READING_KEY: Rule(
        COMMITTEE,
        "A reviewer hands in the public half of the own reading key.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.REVIEW_COMMENTS: Rule(
        COMMITTEE,
        "The two reviewers named in the paper decide on each comment, blind to each other; what both release is "
        "published, and one alone releases nothing.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.RAISE_COMMENT: Rule(
        COMMITTEE,
        "A reviewer says that a comment needs a person now; the record says so, and nothing of the text.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.ADD_THEME: Rule(
        COMMITTEE,
        "A reviewer adds a theme to the list by which comments are sorted.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.STOP_TALLY: Rule(
        (Role.COCHAIR,),
        "A co-chair stops a tally that does not add up, or asks for it to go on, with a reason.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.ASK_FURTHER_TABLES: Rule(
        (Role.COCHAIR,),
        "A co-chair asks for another table of a counted survey, and can end it; it takes every key, and every "
        "party opens the sealed answers anew.",
        keys=Keys.ALL,
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.END_OPENING_ANEW: Rule(
        (Role.OPERATOR,),
        "Where not every party comes, opening the answers anew for another table ends on the day that the request "
        "leads to; what was released stays.",
        records=Record.JOINT,
    ),
    Action.HAND_IN_PROOF: Rule(
        COMMITTEE,
        "Who speaks for a party hands in the proof of an answer that the list lacks; it stops the opening.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.SEE_RELEASE: page(READERS, "All parties see the same release from the same moment on."),
    Action.PROPOSE_PUBLISHING: Rule(
        WRITERS,
        "Either party proposes to publish the release to staff; it takes every key.",
        keys=Keys.ALL,
        records=Record.JOINT,
    ),
    Action.BRING_COUNTS: Rule(
        WRITERS,
        "Who writes for the committee brings counts made elsewhere, and looks at what of them would be shown.",
        why_unrecorded="A draft binds nobody; freezing is recorded.",
    ),
    Action.PROPOSE_COUNTS: Rule(
        WRITERS,
        "Either party proposes to release counts made elsewhere; it takes every key.",
        keys=Keys.ALL,
        records=Record.JOINT,
    ),
    Action.SEE_COMPARISONS: page(READERS, "Everyone with a role sees the district beside the mean of others."),
    Action.PROPOSE_LENDING: Rule(
        WRITERS,
        "Either party proposes to lend published results to comparisons with other districts; it takes every key.",
        keys=Keys.ALL,
        records=Record.JOINT,
    ),
    Action.WITHDRAW_LENDING: Rule(
        (Role.COCHAIR,),
        "A co-chair of any party ends what the district lends; what was compared stays.",
        records=Record.JOINT,
    ),
    Action.COMPARE_DISTRICTS: Rule(
        WRITERS,
        "Who writes for a district that lends compares it with the others, for all of them.",
        records=Record.JOINT,
    ),
    Action.DESTROY_ANSWERS: Rule(
        (Role.COCHAIR, Role.OPERATOR),
        "On the agreed date, or when a party does not come, sealed answers are destroyed.",
        records=Record.JOINT,
    ),
    Action.CONFIRM_SHREDDING: Rule(
        COMMITTEE,
        "After destruction each sealing party says who of the other side saw its opening sheets shredded.",
        records=Record.JOINT,
        condition=for_a_party,
    ),
    Action.CLEAR_BACKUPS: Rule(
        (Role.OPERATOR,),
        "The server takes out of its backups what closing and destruction erase, and says which it missed.",
        records=Record.JOINT,
    ),
    Action.RESTORE_BACKUP: Rule(
        (Role.OPERATOR,),
        "The operator restores the server from a backup; each survey that was open then says what may follow.",
        records=Record.JOINT,
    ),
}
