"""Writing accounts: the own settings, another mailbox, and the end of an account."""

import json

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session

from commonground.people.models import Person


def change_settings(person: Person, *, name: str, language: str) -> None:
    """Change the own name and language; this touches no right and is not recorded."""
    person.name, person.language = name.strip(), language
    person.save(update_fields=["name", "language"])


def move_mailbox(person: Person, email: str) -> None:
    """Let the person sign in by another mailbox, and by no session or code of before."""
    end_sessions(person)
    person.email = email.strip().lower()
    person.save(update_fields=["email"])


def erase(person: Person) -> None:
    """Forget name and mailbox and let nobody sign in; the bare row stays: roles and the record point at it."""
    end_sessions(person)
    person.name, person.email, person.language = "", erased_mailbox(person), "en"
    person.is_active = False
    person.save(update_fields=["name", "email", "language", "is_active"])


def erased_mailbox(person: Person) -> str:
    """Return what stands where the mailbox of an erased person stood; no letter reaches it (RFC 2606)."""
    return f"{person.pk.hex}@erased.invalid"


def end_sessions(person: Person) -> None:
    """End every session of the person, and every sign-in that waits for its code."""
    marks = (str(person.pk), person.pk.hex, json.dumps(person.email))
    for session in Session.objects.iterator(chunk_size=500):
        held = json.dumps(session.get_decoded(), default=str)
        if any(mark in held for mark in marks):
            session.delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    EmailAddress.objects.filter(user=person).delete()
