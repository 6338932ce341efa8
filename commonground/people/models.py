"""Accounts. No password is ever set, and no time of a sign-in is kept."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts without a password."""

    def create_user(self, email: str, name: str = "", **fields: Any) -> "Person":
        """Return a new account for this mailbox."""
        person = Person(email=email.strip().lower(), name=name, **fields)
        person.set_unusable_password()
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. Rights come from roles in a partnership, never from here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    """False once the person was erased."""
    last_login = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="a_mailbox_is_kept_in_lower_case")
        ]

    def __str__(self) -> str:
        return self.name
