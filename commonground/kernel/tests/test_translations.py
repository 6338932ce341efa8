from pathlib import Path

import pytest

from commonground.kernel import translations

HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
TEMPLATE = """{% load i18n %}<p>{% translate "Sign out" %}</p>
{% blocktranslate trimmed count n=n %}
  {{ n }} key
{% plural %}
  {{ n }} keys
{% endblocktranslate %}"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(TEMPLATE)
    (tmp_path / "commonground/tests").mkdir(parents=True)
    (tmp_path / "commonground/words.py").write_text('pgettext("date pattern", "l, F j")\n_("Turn our key")\n')
    (tmp_path / "commonground/tests/test_x.py").write_text('_("Never shown")\n')
    folder = tmp_path / "commonground/locale/es/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        HEADER + '\nmsgid "Sign out"\nmsgstr "Salir"\n\nmsgid "Old"\nmsgstr "Viejo"\n'
    )
    return tmp_path


def catalogue(root: Path) -> Path:
    return next(root.glob(translations.CATALOGUES))


def test_strings_come_from_python_and_templates_but_not_from_tests(root):
    found = {(m.context, m.id) for m in translations.strings(root) if m.id}
    assert found == {
        (None, "Sign out"),
        (None, ("%(n)s key", "%(n)s keys")),
        ("date pattern", "l, F j"),
        (None, "Turn our key"),
    }


def test_extract_keeps_what_is_translated_and_drops_what_is_gone(root):
    translations.extract(root)
    text = catalogue(root).read_text()
    assert 'msgstr "Salir"' in text
    assert "Viejo" not in text
    assert 'msgid "Turn our key"\nmsgstr ""' in text
    translations.extract(root)
    assert catalogue(root).read_text() == text


def test_check_names_every_gap(root):
    assert "es: not in the catalogue: 'Turn our key'" in translations.problems(root)
    translations.extract(root)
    assert "es: not translated: 'Turn our key'" in translations.problems(root)
    assert not any("Sign out" in line for line in translations.problems(root))
    assert translations.problems(root, below=("templates/",)) == ["es: not translated: ('%(n)s key', '%(n)s keys')"]


def test_check_names_unsure_entries_and_lost_placeholders(root):
    path = catalogue(root)
    path.write_text(
        HEADER
        + '\n#, fuzzy\nmsgid "Sign out"\nmsgstr "Salir"\n'
        + '\n#, python-format\nmsgid "%(n)s key"\nmsgid_plural "%(n)s keys"\n'
        + 'msgstr[0] "%(n)s llave"\nmsgstr[1] "%(m)s llaves"\n'
    )
    found = translations.problems(root, below=("templates/",))
    assert len(found) == 2
    assert "es: unsure: 'Sign out'" in found


def test_what_is_compiled_is_what_django_reads(root):
    translations.compile_all(root)
    assert b"Salir" in catalogue(root).with_suffix(".mo").read_bytes()


def test_the_shared_look_speaks_spanish():
    assert translations.problems(below=("commonground/kernel/", "templates/")) == []
