import re
import shutil
import subprocess

import pytest

from commonground.kernel import documents

FINGERPRINT = "K7QM 2XDP 9RTA 4HWE C41F 9A02 TX"
BOTH = {"en": "Staff survey, fall 2026", "es": "Encuesta al personal, otoño de 2026"}


def codes(count: int) -> documents.Codes:
    return {
        "languages": ["en", "es"],
        "title": BOTH,
        "until": {"en": "Friday, December 11", "es": "el viernes 11 de diciembre"},
        "address": {"en": "respond.example.org/en/", "es": "respond.example.org/es/"},
        "fingerprint": FINGERPRINT,
        "batch": "B47H 9KQM 2XDP 9RTA 4HWE C41F 9A",
        "slips": [
            {"code": f"7QK2-M4XW-9RTA-4H{n:02}-C", "link": f"https://respond.example.org/fall#{n}"}
            for n in range(count)
        ],
    }


def frozen(title: dict[str, str] = BOTH) -> documents.Frozen:
    return {
        "languages": ["en", "es"],
        "partnership": {"en": "Well Rooted", "es": "Con Buenas Raíces"},
        "title": title,
        "facts": [
            {"term": {"en": "Asked", "es": "A quién"}, "value": {"en": "1,482 staff", "es": "1,482 personas"}}
        ],
        "sections": [
            {
                "heading": {"en": "Why", "es": "Por qué"},
                "paragraphs": [{"en": "#strong[No $markup$]", "es": "Sí"}],
            }
        ],
        "questions": [
            {
                "number": 5,
                "text": {"en": "I can take my full break.", "es": "Puedo tomar mi descanso."},
                "options": [{"en": "Agree", "es": "De acuerdo"}],
            }
        ],
        "fingerprint": FINGERPRINT,
    }


def words(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_papers_are_tagged_pdf_and_the_same_every_time():
    for made in (documents.render_codes(codes(5)), documents.render_frozen(frozen())):
        assert made.startswith(b"%PDF-")
        assert b"/MarkInfo" in made
    assert documents.render_codes(codes(5)) == documents.render_codes(codes(5))


def test_every_slip_carries_its_code_both_titles_and_the_fingerprint():
    text = words(documents.render_codes(codes(5)))
    assert sorted(set(re.findall(r"7QK2 M4XW 9RTA 4H\d\d C", text))) == [
        f"7QK2 M4XW 9RTA 4H{n:02} C" for n in range(5)
    ]
    assert text.count("K7QM 2XDP 9RTA 4HWE C41F 9A02 TX") == 1 + 5
    assert text.count(BOTH["en"]) == text.count("Encuesta al personal") == 1 + 5
    assert "5 slips in all" in text and "5 boletas en total" in text


def test_a_print_run_opens_with_its_count_the_work_of_the_witnesses_and_a_form():
    before, _first_code, _rest = words(documents.render_codes(codes(5))).partition("7QK2")
    assert "5 envelopes" in before and "5 sobres" in before and "The two witnesses" in before
    assert before.count("B47H 9KQM 2XDP 9RTA 4HWE C41F 9A") == 2 and "Signed for labor" in before


def test_a_frozen_text_shows_words_as_they_are_in_both_languages():
    text = words(documents.render_frozen(frozen()))
    for said in (
        *BOTH.values(),
        "#strong[No $markup$]",
        "1,482 personas",
        "5. I can take my full break.",
        "De acuerdo",
    ):
        assert said in text
    assert text.count("K7QM 2XDP 9RTA 4HWE C41F 9A02 TX") == 4


def test_a_letter_that_the_typeface_lacks_is_refused():
    with pytest.raises(documents.Unprintable):
        documents.render_frozen(frozen({"en": "調査", "es": "調査"}))


def test_a_missing_fact_is_refused():
    with pytest.raises(documents.Unprintable, match="title"):
        documents.render("frozen", {"languages": ["en"]})
