"""From the count to a release of comments: what rests where, who decides, and that one alone publishes nothing."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from commonground.access import walls
from commonground.comments import content
from commonground.comments.board import Stage, read
from commonground.comments.models import Decision
from commonground.comments.tests import reviewing
from commonground.comments.tests.reviewing import LABOR, MANAGEMENT, hold, paraphrase, publish, redact, theme, wrote
from commonground.demo import cast
from commonground.demo.readers import told
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed, Refused
from commonground.ledger.models import LedgerEntry
from commonground.releases.models import Release
from commonground.sealing.comments import SEALED_WORDS, read_proposed, read_task
from commonground.sealing.errors import CannotOpen
from commonground.sealing.formats import read_file
from commonground.surveys import tally
from commonground.surveys.models import SealedComment
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"], transaction=True)


def everything() -> str:
    """All that stands in any table of ours, as text, bytes as they are and in hexadecimal."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("commonground.")]
    found = []
    with walls.everything(reason="a whole copy of the server is searched"):
        for model in ours:
            for row in models.QuerySet(model).values_list():
                for value in row:
                    plain = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    found.append(plain.decode(errors="replace") + "\n" + plain.hex())
    return "\n".join(found)


def of_comments(review: reviewing.Review) -> Release | None:
    rows = Release.rows.within(review.meeting.survey.partnership_id)
    return rows.filter(survey_id=review.meeting.id, number=2).first()


def test_two_reviewers_publish_what_both_release_and_nothing_else_is_kept(valley):
    review = reviewing.counted(valley)
    assert "no shade" not in everything()
    assert review.decide(LABOR, publish) is None
    assert review.decide(MANAGEMENT, redact) is None
    assert "no shade" not in everything()
    assert review.write(LABOR) is None
    release = review.agree(MANAGEMENT)
    assert release is not None
    told = json.loads(bytes(release.data))
    assert (release.number, told["format"], told["answered"]) == (2, "cg1-comments", 40)
    assert told["comments"]["q3"]["quotes"] == ["The bus yard has no shade, says […]."]
    assert told["comments"]["q3"]["written"] == 30
    assert [(one["en"], one["mentions"], one["kappa"]) for one in told["comments"]["q3"]["themes"]] == [
        ("Breaks and rest", 30, 1.0)
    ]
    assert content.faults(told) == []
    rows = SealedComment.rows.within(review.meeting.survey.partnership_id)
    assert {(bytes(row.first), bytes(row.second), bytes(row.proposed)) for row in rows} == {(b"", b"", b"")}
    decisions = Decision.rows.within(review.meeting.survey.partnership_id)
    assert {(row.verdict, row.reason, str(row.spans)) for row in decisions} == {
        ("publish", "", "[]"),
        ("redact", "tells_who", "[]"),
    }
    assert "driver a" not in everything()


def test_only_what_may_be_quoted_is_quoted(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    review.decide(MANAGEMENT, publish)
    task, words = review.opened(LABOR)
    assert {words[one["id"]] for one in task["comments"]} == {wrote(number) for number in range(1, 30, 2)}
    review.write(LABOR)
    release = review.agree(MANAGEMENT, but=3)
    assert release is not None
    quotes = json.loads(bytes(release.data))["comments"]["q3"]["quotes"]
    assert len(quotes) == 12 and quotes == sorted(quotes, key=str.casefold)


def test_one_reviewer_alone_publishes_nothing(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    review.decide(LABOR, publish)
    assert of_comments(review) is None
    assert read(review.meeting.survey).stage is Stage.DECIDE
    review.decide(MANAGEMENT, publish)
    review.write(MANAGEMENT)
    for result, field in (("agreed", "agreed"), ("texts", "texts")):
        with pytest.raises(Refused):
            review.hand_in(MANAGEMENT, result, **{field: {}})
    assert of_comments(review) is None
    assert review.agree(LABOR) is not None


def test_words_that_one_reviewer_proposes_lie_sealed_to_the_other_until_that_one_agrees(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, paraphrase)
    review.decide(MANAGEMENT, publish)
    review.write(LABOR)
    assert "asks for shade" not in everything()
    proposed = review.proposed(MANAGEMENT)
    assert {one.words for one in proposed.values()} == {"Somebody asks for shade."}
    assert len({one.salt for one in proposed.values()}) == len(proposed) == 15
    rows = SealedComment.rows.within(review.meeting.survey.partnership_id).exclude(proposed_hash="")
    assert {len(bytes(row.proposed)) for row in rows} == {SEALED_WORDS}
    task = read_file(review.task(MANAGEMENT)).message
    with pytest.raises(CannotOpen):
        read_proposed(review.task(MANAGEMENT), review.meeting.steps.phrases[LABOR.name])
    assert "words" not in str(task["comments"])
    release = review.agree(MANAGEMENT, but=14)
    assert release is not None
    assert json.loads(bytes(release.data))["comments"]["q3"]["quotes"] == ["Somebody asks for shade."]
    rows = SealedComment.rows.within(review.meeting.survey.partnership_id)
    assert {(bytes(row.proposed), row.proposed_hash) for row in rows} == {(b"", "")}


def test_words_to_which_the_other_does_not_agree_never_reach_the_server(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, paraphrase)
    review.decide(MANAGEMENT, paraphrase)
    review.write(MANAGEMENT)
    release = review.agree(LABOR, but=15)
    assert release is not None and json.loads(bytes(release.data))["comments"]["q3"]["quotes"] == []
    assert "asks for shade" not in everything()


def test_the_second_reviewer_cannot_publish_other_words_than_were_proposed(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    review.decide(MANAGEMENT, publish)
    review.write(LABOR)
    agreed = told(review.proposed(MANAGEMENT))
    first, second, *_others = agreed
    salt = {"salt": agreed[first]["salt"]}
    for broken in (
        {first: {"words": "Driver a is to blame.", **salt}},
        {first: agreed[second]},
        {first: {"words": agreed[first]["words"], "salt": "00" * 16}},
        {first: {"words": agreed[first]["words"] + " ", **salt}},
        {first: {"words": agreed[first]["words"]}},
        {first: {"words": "", **salt}},
        {"0" * 32: agreed[first]},
        [first],
    ):
        with pytest.raises(Refused):
            review.hand_in(MANAGEMENT, "agreed", agreed=broken)
    assert of_comments(review) is None
    assert review.agree(MANAGEMENT) is not None


def test_the_stricter_decision_holds_and_a_review_without_quotations_ends_with_the_second(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    release = review.decide(MANAGEMENT, hold)
    assert release is not None
    told = json.loads(bytes(release.data))["comments"]["q3"]
    assert told["quotes"] == [] and told["themes"] == []
    assert read(review.meeting.survey).stage is Stage.DONE
    with pytest.raises(Refused):
        review.task(LABOR)


def test_a_reviewer_learns_nothing_of_what_the_other_decided(valley):
    review = reviewing.counted(valley)
    before = review.opened(MANAGEMENT)[0]
    review.decide(LABOR, redact)
    after = review.opened(MANAGEMENT)[0]
    assert after == before


def test_pages_and_record_tell_no_number_of_comments(valley, client):
    """The release leaves it open where nearly everyone wrote, so nothing else may count them."""
    review = reviewing.counted(valley)
    keys = [one["id"] for one in review.opened(LABOR)[0]["comments"]]
    review.hand_in(LABOR, "review", decisions={key: hold("", {}) for key in keys[:-1]})
    client.force_login(valley.people[MANAGEMENT.name])
    page = client.get(valley.url(f"surveys/{review.meeting.id}/comments/")).content.decode()
    assert "90% decided" in page and f"of {len(keys)}" not in page
    entry = LedgerEntry.rows.within(valley.partnership.pk).filter(body__contains='"decided"').get()
    assert json.loads(entry.body)["facts"]["decided"] == 90


def test_after_the_release_no_row_says_which_comment_has_which_theme(valley):
    review = reviewing.counted(valley)
    rows = Decision.rows.within(valley.partnership.pk)
    review.decide(LABOR, publish)
    assert any(row.themes for row in rows.all())
    review.decide(MANAGEMENT, hold)
    assert rows.count() == 60 and not any(row.themes or row.spans for row in rows.all())


def test_flagged_places_are_unmasked_when_both_asked(valley):
    review = reviewing.counted(valley)
    key = review.opened(LABOR)[0]["comments"][0]["id"]

    def unmasked(member) -> bool:
        comments = {one["id"]: one["unmasked"] for one in review.opened(member)[0]["comments"]}
        assert sum(comments.values()) == comments[key]
        return bool(comments[key])

    review.hand_in(LABOR, "review", decisions={key: {"unmask": True}})
    assert not unmasked(LABOR) and not unmasked(MANAGEMENT)
    review.hand_in(MANAGEMENT, "review", decisions={key: {"unmask": True}})
    assert unmasked(LABOR) and unmasked(MANAGEMENT)


def test_a_comment_that_needs_a_person_now_is_recorded_without_its_words(valley):
    review = reviewing.counted(valley)
    task, words = review.opened(LABOR)
    first = task["comments"][0]["id"]
    for _again in range(2):
        review.hand_in(LABOR, "review", decisions={first: {"verdict": "now", "reason": "danger"}})
    entries = LedgerEntry.rows.within(review.meeting.survey.partnership_id)
    raised = [json.loads(entry.body) for entry in entries if '"raise_comment"' in entry.body]
    assert len(raised) == 1
    assert raised[0]["by"] == valley.people[LABOR.name].pk.hex
    assert raised[0]["facts"] == {"survey": review.meeting.id.hex}
    assert words[first] not in everything()


@pytest.mark.parametrize(("people", "writers"), [(30, 9), (19, 19)])
def test_comments_of_few_are_destroyed_unread_and_the_release_says_so(valley, people, writers):
    review = reviewing.counted(valley, people, writers)
    tenant = review.meeting.survey.partnership_id
    assert not SealedComment.rows.within(tenant).exists()
    first = Release.rows.within(tenant).get(survey_id=review.meeting.id)
    assert json.loads(bytes(first.data))["comments"] == {"q3": "few"}
    with pytest.raises(Refused):
        review.task(LABOR)


def test_nobody_else_opens_or_hands_in_anything(valley):
    review = reviewing.counted(valley)
    with pytest.raises(CannotOpen):
        read_task(review.task(LABOR), review.meeting.steps.phrases[MANAGEMENT.name])
    for member in (cast.DANA, cast.DENISE):
        with pytest.raises(Refused):
            review.task(member)
    with pytest.raises((NotAllowed, Refused)):
        review.task(cast.SAM)
    whole = read_file(review.task(LABOR)).message
    with pytest.raises(Refused):
        review.hand_in(MANAGEMENT, "review", party=whole["party"], decisions={})


def test_a_file_that_the_page_never_makes_changes_nothing(valley):
    review = reviewing.counted(valley)
    key = review.opened(LABOR)[0]["comments"][0]["id"]
    for broken in (
        {key: {"verdict": "print"}},
        {key: {"verdict": "redact", "spans": [], "reason": "names"}},
        {key: {"verdict": "redact", "spans": [[4, 2]], "reason": "names"}},
        {key: {"verdict": "hold"}},
        {key: {"verdict": "publish", "themes": ["0" * 32]}},
        {key: {"unmask": "yes"}},
        {"0" * 32: {"verdict": "publish"}},
        [key],
    ):
        with pytest.raises(Refused):
            review.hand_in(LABOR, "review", decisions=broken)
    assert not Decision.rows.within(review.meeting.survey.partnership_id).exists()


def test_rows_lie_in_the_order_of_random_ids(valley):
    review = reviewing.counted(valley)
    task, words = review.opened(LABOR)
    ids = [one["id"] for one in task["comments"]]
    assert ids == sorted(ids)
    said = [words[key] for key in ids]
    assert said != sorted(said)
    assert len({len(one["sealed"]) for one in task["comments"]}) == 1


def test_destruction_ends_a_review_that_was_not_done(valley):
    review = reviewing.counted(valley)
    review.decide(LABOR, publish)
    review.decide(MANAGEMENT, publish)
    review.write(LABOR)
    survey = review.meeting.survey
    with time.at(time.now() + timedelta(days=survey.destroy_after_days + 60)):
        tally.destroy(review.actor(cast.DANA), survey.pk)
    assert read(review.meeting.survey).stage is Stage.ENDED
    assert "no shade" not in everything()


def test_themes_are_added_by_reviewers_alone(valley):
    review = reviewing.counted(valley)
    from commonground.comments import actions

    review.task(LABOR)
    actions.add_theme(review.actor(LABOR), review.meeting.id, en="Shade", es="Sombra")
    assert theme(review.opened(MANAGEMENT)[0], "Shade")
    with pytest.raises(Refused):
        actions.add_theme(review.actor(LABOR), review.meeting.id, en="Shade", es="Sombra")
    with pytest.raises(Refused):
        actions.add_theme(review.actor(cast.DANA), review.meeting.id, en="Sun", es="Sol")


def test_a_paper_names_both_reviewers_with_their_keys(valley):
    steps = writing.launched(valley, readers=writing.REVIEWERS)
    paper = json.loads(steps.survey.paper)
    assert [one["name"] for one in paper["comments"]["reviewers"]] == [LABOR.name, MANAGEMENT.name]
    assert {question["id"]: question.get("quote") for question in paper["questions"]}["q3"] is True
