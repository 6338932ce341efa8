"""The page of an invitation. Whoever holds the letter holds the mailbox, so accepting also signs in."""

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused
from commonground.kernel.screens import open_screen
from commonground.partnership import actions


class AcceptForm(forms.Form):
    """How the invited person wants to be named."""

    name = forms.CharField(label=_("Your name, as others in the committee will read it"), max_length=120)


@open_screen(reason="The link in the letter opens it; nobody is signed in yet.")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what the invitation offers; accepting makes the account and the role."""
    try:
        offered = actions.open_invitation(secret)
        form = AcceptForm(request.POST or None, initial={"name": offered.name})
        accepting = request.method == "POST" and form.is_valid()
        person = actions.accept_letter(secret, form.cleaned_data["name"]) if accepting else None
    except Refused as refusal:
        return render(request, "partnership/invitation_over.html", {"reason": refusal.message}, status=410)
    if person:
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home", district=offered.partnership.slug)
    card = {
        "district": offered.partnership.district,
        "role": offered.get_role_display(),
        "party": offered.party.name if offered.party else "",
        "email": offered.email,
    }
    return render(request, "partnership/invitation.html", {"form": form, "card": card})
