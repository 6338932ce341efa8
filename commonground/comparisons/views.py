"""The screen of comparisons: what we lend, and what districts have in common."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commonground.access.decide import ActorRequest, allowed, screen
from commonground.access.table import Action
from commonground.comparisons import actions, pages, reading
from commonground.comparisons.forms import CompareForm, LendForm, WithdrawForm


@screen(Action.SEE_COMPARISONS)
def comparisons(request: ActorRequest, district: str) -> HttpResponse:
    """Show the comparisons and what is lent; lend, end it, or compare."""
    comparing, withdrawing = _asked(CompareForm, request, "compare"), _asked(WithdrawForm, request, "withdraw")
    form = LendForm(request.POST if "lend" in request.POST else None, pages.offer(request.actor))
    if comparing.is_valid():
        actions.compare_now(request.actor)
        messages.success(request, _("The districts are compared. Each of them sees it now."))
        return redirect("comparisons", district=district)
    if withdrawing.is_valid():
        actions.withdraw(request.actor)
        messages.success(request, _("The district lends nothing from now on. What was compared stays."))
        return redirect("comparisons", district=district)
    if form.is_valid():
        given = form.cleaned_data
        text = actions.propose(request.actor, given["release"], given["numbers"], form.noisy)
        return redirect("text", district=district, text_id=text.pk)
    context = {
        "comparisons": pages.comparisons(request.actor),
        "loan": pages.loan(request.actor),
        "waiting": pages.waiting(request.actor),
        "form": form,
        "comparing": comparing,
        "withdrawing": withdrawing,
        "rules": reading.rules(),
        "may_propose": allowed(request.actor, Action.PROPOSE_LENDING),
        "may_withdraw": allowed(request.actor, Action.WITHDRAW_LENDING),
        "may_compare": allowed(request.actor, Action.COMPARE_DISTRICTS),
        "may_see_texts": allowed(request.actor, Action.SEE_TEXTS),
    }
    faulty = any(each.errors for each in (comparing, withdrawing, form))
    return render(request, "comparisons/page.html", context, status=422 if faulty else 200)


def _asked(kind: type[forms.Form], request: ActorRequest, name: str) -> forms.Form:
    """Return a form under a prefix of its own, bound where its button was pressed."""
    return kind(request.POST if name in request.POST else None, prefix=name)
