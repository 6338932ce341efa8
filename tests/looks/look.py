"""What is looked at on every page: access, width, frame, language, and what the browser complains of."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Page

WIDTHS = (320, 390, 640, 1280)
"""A small phone, a phone, 1280 pixels at 200 % zoom, a laptop."""

CATALOGUE = Path(__file__).resolve().parents[2] / "commonground" / "locale" / "es" / "LC_MESSAGES" / "django.po"
ENGLISH = frozenset(
    re.findall(r"\w+", "the of and to is are for with not you your this that was were by from it can")
)
FRAME = """() => ({
  lang: document.documentElement.lang,
  h1: [...document.querySelectorAll("h1")].filter(heading => heading.checkVisibility()).length,
  main: document.querySelectorAll("main").length,
  title: document.title,
})"""
WORDS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walk.nextNode()) {
    const node = walk.currentNode, holder = node.nodeType === 3 ? node.parentElement : node;
    if (holder.closest("[lang=en], script, style, noscript, code, [translate=no]")) continue;
    if (node.nodeType === 3) found.push(node.textContent);
    else for (const name of ["aria-label", "placeholder", "alt", "title"])
      if (node.hasAttribute(name)) found.push(node.getAttribute(name));
  }
  return found.map(words => words.replace(/\\s+/g, " ").trim()).filter(words => /[a-z]{2}/i.test(words));
}"""


GAP = r"%\(\w+\)s"


class Ears:
    """Hears what the browser complains of on a page: errors, blocked content, files that do not come."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        page.on("console", lambda said: self.heard.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("requestfailed", lambda request: self.heard.append(f"{request.url} failed: {request.failure}"))

    def told(self) -> list[str]:
        """Return what was heard since it was last asked for."""
        heard, self.heard = self.heard, []
        return heard


def faults(page: Page, language: str) -> list[str]:
    """Return everything that is wrong with the page at hand, with every fold open."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    return [*_frame(page, language), *access(page), *english(page, language), *widths(page)]


def _frame(page: Page, language: str) -> list[str]:
    found: dict[str, Any] = page.evaluate(FRAME)
    wrong = [f"language is {found['lang']}"] if found["lang"] != language else []
    wrong += [f"{found[name]} {name}" for name in ("h1", "main") if found[name] != 1]
    return wrong + ([] if found["title"].strip(" ·") else ["no title"])


def access(page: Page) -> list[str]:
    """Return the violations that axe finds."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:140]}" for fault in found for node in fault["nodes"]]


def widths(page: Page) -> list[str]:
    """Return at which widths the page scrolls sideways; the page keeps its width."""
    before = page.viewport_size
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"wider than {width} px: {page.evaluate(WIDEST)}")
    if before:
        page.set_viewport_size(before)
    return wrong


WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth && !each.closest(".scroll"))
  .map(each => each.outerHTML.slice(0, 90))[0]"""


def english(page: Page, language: str) -> list[str]:
    """Return words of a Spanish page that are English, or that close with two periods, as after "8:00 p. m.".

    English are messages of ours, and sentences with English small words.
    """
    if language != "es":
        return []
    texts: list[str] = page.evaluate(WORDS)
    left = [f"English: {text[:100]}" for text in texts if text in messages()[0] or _is_english(text)]
    return left + [f"two periods: {text[-60:]}" for text in texts if re.search(r"m\.\s?\.(?!\.)", text)]


def _is_english(text: str) -> bool:
    words = re.findall(r"[a-z’']+", text.lower())
    small = sum(word in ENGLISH for word in words)
    of_ours = len(words) > 3 and any(pattern.fullmatch(text) for pattern in messages()[1])
    return of_ours or (small >= 3 and small * 4 >= len(words))


def _texts(given: str | list[str] | tuple[str, ...]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


@cache
def messages() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the English messages that read otherwise in Spanish: whole ones, and patterns of those with gaps."""
    whole, patterns = set(), []
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="es"):
            said = _texts(message.string or "")
            for text in _texts(message.id):
                if not text or text in said:
                    continue
                if "%(" not in text:
                    whole.add(" ".join(text.split()))
                elif len(re.findall(r"[a-z]{2,}", re.sub(GAP, " ", text))) >= 3:
                    gaps = ".+".join(map(re.escape, re.split(GAP, text.replace("%%", "%"))))
                    patterns.append(re.compile(gaps))
    return frozenset(whole), tuple(patterns)
