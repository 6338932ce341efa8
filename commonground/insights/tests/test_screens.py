"""The pages of a release: what stands on them, for whom, in both languages, with equal queries."""

import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from commonground.demo import cast
from commonground.disclosure import gate
from commonground.insights import actions, pages
from commonground.kernel import hiding
from commonground.kernel.text import sha256
from commonground.releases import examples, exports, findings, limits, public, queries
from commonground.releases.reading import Reading

PAGES = ("", "questions/q3/", "publish/")
LUZ, DENISE = "Luz Ortega", "Denise Park"


@pytest.fixture
def release(valley):
    return examples.stored(valley.actor(cast.LUZ), uuid4())


@pytest.fixture
def go(client, valley):
    def call(person, path):
        client.force_login(valley.people[person])
        return client.get(valley.url(path))

    return call


def test_both_sides_read_the_same_page(release, go):
    labor, management = (go(person, f"releases/{release.pk}/").content.decode() for person in (LUZ, DENISE))
    start, end = "<main", "</main>"
    assert (
        labor[labor.index(start) : labor.index(end)] == management[management.index(start) : management.index(end)]
    )
    assert "Both sides saw these numbers at the same moment" in labor


def test_who_answered_comes_before_what_they_said(release, go):
    page = go(LUZ, f"releases/{release.pk}/").content.decode()
    assert page.index('<h2 id="who">') < page.index("I can take my full break")


def test_the_contents_lead_to_every_part_of_the_page(release, later, go):
    page = go(LUZ, f"releases/{later.pk}/").content.decode()
    contents = page[page.index('aria-labelledby="contents"') : page.index("</nav>", page.index('id="contents"'))]
    led = re.findall(r'href="#(\w+)"', contents)
    assert [*led[:2], *led[-2:]] == ["who", "part1", "missing", "made"] and {"since", "differ"} <= set(led)
    assert re.findall(r'<h2 id="(\w+)"', page)[1:] == led


def test_questions_stand_under_their_part_and_those_of_none_last(valley):
    content = examples.valley()
    content["words"]["parts"] = [{"title": {"en": "Breaks", "es": "Descansos"}, "questions": ["q5", "q3"]}]
    reading = Reading(content)
    found = [findings.finding(reading, each, groups=False) for each in reading.questions]
    told = {part.title: [one.id for one in part.findings] for part in pages.parts(reading, found)}
    assert told["Breaks"] == ["q3", "q5"] and list(told) == ["Breaks", "Other questions"]
    assert sorted(id for ids in told.values() for id in ids) == sorted(each.id for each in reading.questions)


def test_what_is_hidden_says_so_in_words(release, go):
    page = go(LUZ, f"releases/{release.pk}/").content.decode()
    assert "not shown, to protect people" in page


def test_the_page_speaks_spanish(release, go, client):
    page = go(LUZ, f"releases/{release.pk}/")
    client.cookies["django_language"] = "es"
    with override("en"):
        page = client.get(page.request["PATH_INFO"]).content.decode()
    assert '<html lang="es"' in page and "Puedo tomar mi descanso completo." in page
    assert "no se muestra, para proteger a las personas" in page and "Who answered" not in page


def test_a_question_has_a_page_and_others_have_none(release, go):
    assert "I can take my full break" in go(LUZ, f"releases/{release.pk}/questions/q3/").content.decode()
    assert go(LUZ, f"releases/{release.pk}/questions/q1/").status_code == 404


def test_the_neighbor_finds_nothing(release, go, neighbor, client):
    client.force_login(neighbor.people[cast.NEIGHBOR.name])
    for path in (f"releases/{release.pk}/", f"releases/{release.pk}/files/json/"):
        assert client.get(neighbor.url(path)).status_code == 404


def test_one_and_three_releases_cost_equal_queries(release, valley, go):
    def queries(path):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert go(LUZ, path).status_code == 200
        return len(found)

    go(LUZ, "releases/")
    before = queries("releases/"), queries(f"releases/{release.pk}/")
    for _ in range(2):
        examples.stored(valley.actor(cast.LUZ), uuid4())
    assert (queries("releases/"), queries(f"releases/{release.pk}/")) == before


def test_no_page_of_a_release_takes_more_than_thirty_queries(release, go):
    files = [f"releases/{release.pk}/files/{ending}/" for ending in exports.KINDS]
    go(LUZ, "releases/")
    for path in ("releases/", *(f"releases/{release.pk}/{page}" for page in PAGES), *files):
        with CaptureQueriesContext(connection) as found:
            assert go(LUZ, path).status_code == 200
        assert len(found) <= 30, path


@pytest.mark.parametrize("page", ["", "questions/q3/"])
def test_every_page_of_a_release_shows_the_hash_of_its_bytes(release, go, page):
    assert sha256(bytes(release.data)) in go(LUZ, f"releases/{release.pk}/{page}").content.decode()


def test_the_page_for_staff_shows_the_hash_of_the_released_bytes(release):
    page = public.page(json.loads(bytes(release.data)), {"en": "A", "es": "B"})
    words = json.dumps(page["blocks"]).replace(" ", "")
    assert release.hash in words


def test_the_codebook_comes_as_a_file_of_its_own(release, go):
    answer = go(LUZ, f"releases/{release.pk}/files/codebook.csv/")
    assert answer["Content-Disposition"].endswith(f'{release.hash[:8]}.codebook.csv"')
    assert release.hash in answer.content.decode()


def test_the_released_bytes_come_as_they_are(release, go):
    answer = go(LUZ, f"releases/{release.pk}/files/json/")
    assert answer.content == bytes(release.data) and json.loads(answer.content)["format"] == "cg1-release"
    assert answer["Content-Disposition"].endswith(f'{release.hash[:8]}.json"')


def test_there_is_no_other_kind_of_file(release, go):
    assert go(LUZ, f"releases/{release.pk}/files/pdf/").status_code == 404


def test_each_reason_leads_to_the_picture_that_explains_it(release, go):
    page = go(LUZ, f"releases/{release.pk}/").content.decode()
    why = go(LUZ, "releases/why/").content.decode()
    anchors = set(re.findall(r"releases/why/#(\w+)", page))
    assert {"small", "nearly_all", "ends"} <= anchors
    assert all(f'<h2 id="{anchor}">' in why for anchor in anchors)
    for path in ("", "questions/q3/"):
        assert "releases/why/" in go(LUZ, f"releases/{release.pk}/{path}").content.decode()


def test_every_reason_of_the_gate_has_a_case_that_explains_it():
    cases = {case.id for case in hiding.cases(10)}
    assert set(limits.REASONS) == set(gate.REASONS) == set(limits.EXPLAINED)
    assert set(limits.EXPLAINED.values()) <= cases


def test_groups_that_differ_stand_on_the_page_and_on_that_of_the_question(release, go):
    page = go(LUZ, f"releases/{release.pk}/").content.decode()
    assert "More than chance: 3 of 45 comparisons." in page and 'href="#differ"' in page
    question = go(LUZ, f"releases/{release.pk}/questions/q4/").content.decode()
    assert "more, by 17 to 64 points" in question and "too close to call" in question


@pytest.fixture
def later(valley, release):
    """The release of the next wave, which says that it was judged beside the first."""
    content = examples.valley(99)
    content["tables"]["earlier"] = [
        {"hash": "00" * 32, "how": "wave"},
        {"hash": release.hash, "how": "wave"},
        {"hash": "11" * 32, "how": "people"},
    ]
    return examples.stored(valley.actor(cast.LUZ), uuid4(), content)


def test_what_staff_never_saw_is_not_told_them_by_what_changed_since(release, later, valley, go):
    """A change beside this time's number is last time's number, which no key released to staff."""
    luz, words = valley.actor(cast.LUZ), {"en": "Read it.", "es": "Léalo."}
    for published, told in ((None, False), (release.seen_from, True)):
        type(release).rows.within(luz.tenant).filter(pk=release.pk).update(published_at=published)
        page = go(LUZ, f"releases/{later.pk}/publish/").content.decode()
        frozen = actions.propose(luz, later.pk, lead=words).body
        assert ("Since last time" in page, "Since last time" in frozen) == (told, told)


def test_a_later_wave_tells_what_changed_on_every_page_and_file(release, later, go):
    release.published_at = release.seen_from
    release.save(update_fields=["published_at"])
    for path in ("", "questions/q4/", "publish/"):
        page = go(LUZ, f"releases/{later.pk}/{path}").content.decode()
        assert "Since last time" in page and "too close to call" in page
        assert "Since last time" not in go(LUZ, f"releases/{release.pk}/{path}").content.decode()
    table = go(LUZ, f"releases/{later.pk}/files/differences.csv/").content.decode()
    assert (
        "last time" in table
        and "last time" not in go(LUZ, f"releases/{release.pk}/files/differences.csv/").content.decode()
    )


def test_a_release_of_another_district_is_no_wave_before(release, later, neighbor):
    """The hash alone opens nothing: what another partnership released is not found."""
    content = json.loads(bytes(later.data))
    assert queries.wave_before(neighbor.actor(cast.NEIGHBOR), content) is None


@pytest.mark.parametrize("asked", ["?site=0&job_family=1", "?minimum=2", "?filter=q3:4&group=site"])
@pytest.mark.parametrize("page", ["", "questions/q3/"])
def test_nothing_that_is_asked_of_a_page_makes_a_number_of_its_own(release, go, page, asked):
    """Every page draws from released cells: there is no filter that counts anew."""
    plain, other = (go(LUZ, f"releases/{release.pk}/{page}{query}").content.decode() for query in ("", asked))
    assert "<main" in plain
    assert _words(plain) == _words(other)


def _words(page):
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]*>", " ", main)
