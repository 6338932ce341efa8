"""How the sign-in library behaves here: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up; a code goes to known mailboxes only, and the page does not tell which are known."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from accepted invitations."""
        return False
