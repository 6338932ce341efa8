"""Words that are kept in every language of the product, and read in the reader's own."""

from collections.abc import Callable, Mapping

from django.utils.translation import get_language, override

LANGUAGES = ("en", "es")

Words = str | Mapping[str, str]
"""The same words by language code; a bare string reads the same in all, as a name does."""


def both(say: Callable[[], object]) -> dict[str, str]:
    """Return what `say` answers in each language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(say())
    return found


def own(words: Words) -> str:
    """Return words in the reader's language, in English where they lack."""
    if isinstance(words, str):
        return words
    return words.get(get_language() or "en") or words["en"]
