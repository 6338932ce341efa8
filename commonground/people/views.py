"""The page of the own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.kernel.screens import open_screen
from commonground.people import actions
from commonground.people.forms import SettingsForm
from commonground.people.models import Person


@open_screen(reason="Everyone who is signed in changes the own name and language; no district is touched.")
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change the own name and language."""
    person = request.user
    assert isinstance(person, Person)
    form = SettingsForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        actions.change_settings(person, **form.cleaned_data)
        response = redirect("settings")
        response.set_cookie("django_language", person.language, samesite="Lax")
        with translation.override(person.language):
            messages.success(request, _("Saved."))
        return response
    return render(request, "people/settings.html", {"form": form, "email": person.email})
