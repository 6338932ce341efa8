"""The screens of the respondents' door."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from commonground.kernel.screens import open_screen
from commonground.responses import board, editions, filled, own_copy, protection, sending
from commonground.responses.editions import Edition, State
from commonground.responses.filled import Filled
from commonground.responses.sending import Receipt, Standing
from commonground.sealing.codes import read_code, write_code
from commonground.sealing.errors import Malformed

REFUSED = 422
_MOVES = {"next": 1, "skip": 1, "back": -1}

respondents_screen = open_screen(reason="the respondents' door knows nobody")


@respondents_screen
def index(request: HttpRequest, language: str = "") -> HttpResponse:
    """Surveys that are open, closed or published here; a code that is typed opens its survey's front page."""
    language = language or translation.get_language()
    typed = request.POST.get("code", "") if request.method == "POST" else None
    found, fault = _survey_of(typed) if typed is not None else (None, "")
    if found:
        edition = editions.in_any_language(found, language)
        return HttpResponse(edition.front_for(editions.state(found), {"code": typed}))
    context = {**board.index(language), "code": typed, "fault": fault}
    return render(request, "responses/index.html", context, status=REFUSED if fault else 200)


def _survey_of(typed: str) -> tuple[str | None, str]:
    """The survey that a typed code belongs to, or what is wrong with it in words."""
    try:
        found = sending.survey_of(read_code(typed))
    except Malformed as error:
        return None, _(error.text) % error.values
    return found, "" if found else _("We do not know this code. Compare it with your slip again.")


@respondents_screen
def without_language(request: HttpRequest, survey: str) -> HttpResponse:
    """Send on to the language that the browser asks for; what stands behind # stays in the browser."""
    return HttpResponseRedirect(f"/s/{survey}/{translation.get_language()}/")


@respondents_screen
def survey(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """The front page, and every screen up to the receipt, on one address."""
    edition, state = editions.edition(survey, language), editions.state(survey)
    if request.method != "POST":
        return HttpResponse(edition.front(state))
    form = filled.read(request.body, edition.screens, edition.blank_sheet)
    return _start(edition, state, form) if form.number is None else _step(edition, state, form)


def _start(edition: Edition, state: State, form: Filled) -> HttpResponse:
    if form.go == "stay" or state.phase != "open":
        return _front(edition, state, form)
    if form.code is None:
        return _front(edition, state, form, form.fault)
    standing = sending.standing(edition.paper, form.code)
    if standing is Standing.USED:
        return _receipt(edition, form.code, before=True)
    if standing is not Standing.FREE:
        return _front(edition, state, form, _refusal(edition, form.code, standing))
    return _screen(edition, form, 0)


def _step(edition: Edition, state: State, form: Filled) -> HttpResponse:
    if form.code is None or form.number is None:
        return _front(edition, state, form, form.fault)
    if state.phase != "open":
        return _screen(edition, form, form.number, _closed_meanwhile(edition))
    if form.go in filled.CLEARING:
        form.clear(edition.screens[form.number])
    if form.go == "send" and not form.too_long:
        return _send(edition, form, form.code)
    target = form.number + (0 if form.too_long else _MOVES.get(form.go, 0))
    if target < 0:
        return _front(edition, state, form)
    return _screen(edition, form, min(target, len(edition.screens) - 1))


def _send(edition: Edition, form: Filled, code: bytes) -> HttpResponse:
    item = sending.seal(edition.paper, code, form.sheet.checked())
    if sending.store(edition.paper, code, item):
        return _receipt(edition, code, before=False)
    standing = sending.standing(edition.paper, code)
    if standing is Standing.USED:
        return _receipt(edition, code, before=True)
    note = _closed_meanwhile(edition) if standing is Standing.FREE else _refusal(edition, code, standing)
    return _screen(edition, form, len(edition.screens) - 1, note)


def _front(edition: Edition, state: State, form: Filled, fault: str = "") -> HttpResponse:
    kept = "" if form.sheet.is_blank else form.sheet.pack()
    typed = write_code(form.code) if form.code else form.typed
    person = {"code": typed, "kept": kept, "fault": fault}
    return HttpResponse(edition.front_for(state, person), status=REFUSED if fault else 200)


def _screen(edition: Edition, form: Filled, number: int, note: str = "") -> HttpResponse:
    values = filled.values(form, edition.screens[number], note)
    return HttpResponse(edition.screen(number, values), status=REFUSED if note or form.too_long else 200)


def _receipt(edition: Edition, code: bytes, before: bool) -> HttpResponse:
    return HttpResponse(edition.receipt(sending.receipt_of(edition.paper, code), before))


def _closed_meanwhile(edition: Edition) -> str:
    words = _(
        "The survey closed on %(closes)s, while you were answering. Your answers were not sent and are not stored. "
        "They are still on this page, for you alone. If you think that this is wrong, ask: %(contact)s"
    )
    return words % {"closes": edition.moment("closes"), "contact": edition.content["contact"]}


def _refusal(edition: Edition, code: bytes, standing: Standing) -> str:
    contact = {"contact": edition.content["contact"]}
    if standing is Standing.CANCELLED:
        return _("This code was cancelled, so it cannot be used. To get another one, ask: %(contact)s") % contact
    other = sending.survey_of(code)
    if other is None:
        words = _("We do not know this code. Compare it with your slip again. If it is right, ask: %(contact)s")
        return words % contact
    found = editions.edition(other, edition.language)
    words = _("This code belongs to another survey: {link}. Please open that page and type the code there.")
    return format_html(words, link=format_html('<a href="{}">{}</a>', found.url, found.title))


@respondents_screen
def receipt(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """The receipt as a text file, or the receipt page in another language; it is kept nowhere."""
    edition = editions.edition(survey, language)
    given = [board.sixteen(request.POST.get(name, "")) for name in ("receipt", "line")]
    if not all(given):
        return HttpResponseRedirect(edition.url)
    shown = Receipt(*given)
    if request.POST.get("go") == "save":
        text = edition.receipt_text(shown)
        return _file(text, _("receipt.txt"))
    return HttpResponse(edition.receipt(shown, request.POST.get("before") == "1"))


@respondents_screen
def protected(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """How answers are protected, and how anyone can check it."""
    edition, state = editions.edition(survey, language), editions.state(survey)
    return render(request, "responses/protection.html", protection.page(edition, state))


@respondents_screen
def why(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """Why some numbers are not shown, with pictures."""
    edition = editions.edition(survey, language)
    return render(request, "responses/why.html", protection.why(edition))


@respondents_screen
def board_page(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """Counts and hashes of closing, and the look-up of a line or receipt."""
    edition, state = editions.edition(survey, language), editions.state(survey)
    typed = request.POST.get("line") if request.method == "POST" else None
    return render(request, "responses/board.html", board.page(edition, state, typed))


@respondents_screen
def proof(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """What the proof of an answer shows, handed in as a file or pasted; of it only a proven absence is kept."""
    edition, state = editions.edition(survey, language), editions.state(survey)
    if request.method != "POST":
        return HttpResponseRedirect(f"{edition.url}list/")
    file = request.FILES.get("file")
    data = bytes(file.read()) if file else request.POST.get("proof", "").encode()
    context = board.page(edition, state, None, board.judge(survey, data))
    return render(request, "responses/board.html", context)


@respondents_screen
def lines(request: HttpRequest, survey: str, language: str, which: str) -> HttpResponse:
    """All in-list lines, all receipts, or those of passes with their signatures, sorted, as a text file."""
    editions.edition(survey, language)
    text = board.lines(survey, which)
    if not text:
        raise Http404
    return _file(text, f"{which}.txt")


@respondents_screen
def results(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """What we heard: the public page of the release."""
    edition = editions.edition(survey, language)
    context = board.results(edition)
    if context is None:
        raise Http404
    return render(request, "responses/results.html", context)


@respondents_screen
def results_later(request: HttpRequest, survey: str, language: str, number: str) -> HttpResponse:
    """What another table told: the public page of a later release."""
    edition = editions.edition(survey, language)
    context = board.results_later(edition, int(number))
    if context is None:
        raise Http404
    return render(request, "responses/results.html", context)


@respondents_screen
def own_copy_file(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """The page for answering as a file for a labor organization's own server."""
    edition = editions.edition(survey, language)
    if not edition.content.get("client"):
        raise Http404
    return _file(own_copy.own_copy(edition), f"survey-{survey[:8]}.zip", "application/zip")


@respondents_screen
def release(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """The bytes of the release, as hashed in the ledger."""
    return _released(board.release(survey), "release.json")


@respondents_screen
def release_later(request: HttpRequest, survey: str, language: str, number: str) -> HttpResponse:
    """The bytes of a later release, as hashed in the ledger."""
    return _released(board.later(survey, int(number)), f"release-{number}.json")


@respondents_screen
def comments(request: HttpRequest, survey: str, language: str) -> HttpResponse:
    """The bytes of the release of comments, as hashed in the ledger."""
    return _released(board.release(survey, "comments"), "comments.json")


@respondents_screen
def certificate(request: HttpRequest, survey: str, language: str, number: str = "") -> HttpResponse:
    """The certificate of a release, of the first or of a later one by its number."""
    release = board.later(survey, int(number)) if number else board.release(survey)
    return _certificate(release, f"release-{number}" if number else "release")


@respondents_screen
def counts(request: HttpRequest, count: str, language: str) -> HttpResponse:
    """Counts made elsewhere that every party released."""
    context = board.counts(count, language)
    if context is None:
        raise Http404
    return render(request, "responses/counts.html", context)


@respondents_screen
def counts_release(request: HttpRequest, count: str, language: str) -> HttpResponse:
    """Their bytes, as hashed in the ledger."""
    return _released(board.release(count) if board.counts(count, language) else b"", "release.json")


@respondents_screen
def counts_certificate(request: HttpRequest, count: str, language: str) -> HttpResponse:
    """Their certificate."""
    return _certificate(board.release(count) if board.counts(count, language) else b"", "release")


def _certificate(release: bytes, name: str) -> HttpResponse:
    data = board.certificate(release)
    if not data:
        raise Http404
    return _file(data, f"{name}.certificate.npz", "application/octet-stream")


def _released(data: bytes, name: str) -> HttpResponse:
    if not data:
        raise Http404
    return _file(data, name, "application/json")


def broken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say in both languages that something broke on our side, without database or context."""
    return render(request, "responses/broken.html", status=500)


def _file(content: str | bytes, name: str, kind: str = "text/plain; charset=utf-8") -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
