"""Templates load nothing they should not, style and script stay out of the page, every word can be translated."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [
    path
    for folder in (ROOT / "templates", ROOT / "commonground")
    for path in sorted(folder.rglob("*.html"))
    if "templates" in path.parts
]
STATIC_PAGES = {"500.html", "broken.html"}
"""They need neither database nor words: both languages stand in them."""

UNTRANSLATED_NAMES = {"Common Ground", "English", "Español"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text), "the page's policy blocks style attributes"
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text) or path.name in STATIC_PAGES
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "handlers belong in a module"
    assert not re.search(r"https?://(?!www\.w3\.org)", text), "a page loads nothing from elsewhere"


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name not in STATIC_PAGES], ids=_name)
def test_every_word_can_be_translated(path):
    assert not list(_bare_words(path.read_text())), "these words stand outside a translation"


def _bare_words(source: str):
    translating, text = False, []
    source = re.sub(r"{% block width %}[a-z]*{% endblock %}", "", source)
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            translating = name == "blocktranslate" or (translating and name != "endblocktranslate")
            text.append("\x00")
        elif token.token_type is TokenType.TEXT and not translating:
            text.append(token.contents)
        elif token.token_type is TokenType.VAR:
            text.append("\x00")
    bare = re.sub(r"<!--.*?-->|<code>.*?</code>|<[^>]*>", "\n", "".join(text), flags=re.S)
    for line in bare.splitlines():
        words = re.sub(r"&[a-z]+;|\x00", " ", line).strip()
        if re.search(r"[A-Za-z]{2,}", words) and words not in UNTRANSLATED_NAMES:
            yield words


def test_the_guard_sees_bare_words():
    assert list(_bare_words("<p>Hello {{ name }}</p>")) == ["Hello"]
    assert not list(
        _bare_words("{% blocktranslate trimmed %}Hello{% endblocktranslate %}<p>{% translate 'Hi' %}</p>")
    )
