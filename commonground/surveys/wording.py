"""How long a survey takes and how hard it reads: simple estimates, said as such. No database.

Reading grade: Flesch-Kincaid (Kincaid and others, 1975), 0.39 words a sentence + 11.8 syllables a word - 15.59.
Syllables are counted as runs of vowels, a silent final e left out, one at least; good to about half a grade.
Ease of Spanish: perspicuity (Szigriszt-Pazos, Sistemas predictivos de legibilidad del mensaje escrito, 1993),
206.835 - 62.3 syllables a word - words a sentence, from 0 to 100. On the INFLESZ scale (Barrio-Cantalejo, 2008) a
text is "normal" from 55, "quite easy" from 65, "very easy" from 80. Syllables follow from the vowels: two strong
ones (a, e, o) are two, a weak one beside another is one unless it has an accent; the u of que and gui is silent.
Length: 200 words a minute to read, and for the answer 4 seconds on a scale, 5 for one choice, 10 for several and
45 for a text: our own estimate, to be held against the trial with ten to fifteen staff.
"""

import re
from collections.abc import Iterable

AIM_MINUTES = 8
AIM_GRADE = 6
AIM_EASE = 65
WORDS_A_MINUTE = 200
SECONDS = {"agreement": 4, "frequency": 4, "scale10": 4, "one": 5, "several": 10, "text": 45}


def minutes(questions: Iterable[tuple[str, str]]) -> float:
    """Return the minutes to answer questions given as (kind, all words to read)."""
    return sum(SECONDS[kind] / 60 + len(text.split()) / WORDS_A_MINUTE for kind, text in questions)


def grade(texts: Iterable[str]) -> float | None:
    """Return the school grade at which English texts read, or None where there are no words."""
    joined = [text for text in texts if text.strip()]
    sentences = sum(max(1, len(re.findall(r"[.!?]+(?:\s|$)", text))) for text in joined)
    words = [word for text in joined for word in re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)?", text)]
    if not words:
        return None
    syllables = sum(map(_syllables, words))
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def ease(texts: Iterable[str]) -> float | None:
    """Return how easily Spanish texts read, 0 to 100 and more is easier, or None where there are no words."""
    joined = [text for text in texts if text.strip()]
    sentences = sum(max(1, len(re.findall(r"[.!?]+(?:\s|$)", text))) for text in joined)
    words = [word for text in joined for word in re.findall(r"[^\W\d_]+", text)]
    if not words:
        return None
    syllables = sum(map(_spanish_syllables, words))
    return min(100.0, max(0.0, 206.835 - 62.3 * syllables / len(words) - len(words) / sentences))


def _spanish_syllables(word: str) -> int:
    plain = re.sub(r"([qg])u(?=[eiéí])", r"\1", word.lower())
    plain = re.sub(r"y(?![aeiouáéíóú])", "i", plain)
    nuclei = re.findall(r"[íú]|[iuü]*[aeoáéó](?:[iuü](?![aeoáéó]))?|[iuü]+", plain)
    return max(1, len(nuclei))


def _syllables(word: str) -> int:
    plain = word.lower()
    runs = len(re.findall(r"[aeiouy]+", plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and runs > 1
    return max(1, runs - silent)
