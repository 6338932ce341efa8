"""What each person sees first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from commonground.access.decide import ActorRequest, screen
from commonground.access.table import Action
from commonground.home.pages import home_page
from commonground.home.reader import Reader
from commonground.kernel.screens import open_screen
from commonground.partnership import queries as partnership


@open_screen(reason="It sends people to sign in, or to a district in which they hold a role.")
def welcome(request: HttpRequest) -> HttpResponse:
    """Go to the only district, or choose among several."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    districts = partnership.districts_of(request.user.pk)
    if len(districts) == 1:
        return redirect("home", district=districts[0].slug)
    return render(request, "home/welcome.html", {"districts": districts})


@screen(Action.SEE_HOME)
@require_GET
def home(request: ActorRequest, district: str) -> HttpResponse:
    """Show where the partnership stands and what waits for the reader."""
    timezone.activate(request.partnership.timezone)  # type: ignore[attr-defined]
    page = home_page(Reader(request.actor, district), request.partnership)  # type: ignore[attr-defined]
    return render(request, "home/home.html", {"page": page})
