"""Somebody with a browser without script: reads forms from the page and presses their buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.test import Client


class Browser(Client):
    """Sends forms as browsers do."""

    def post(self, *args: Any, data: Any = None, **extra: Any) -> Any:
        """POST the fields, URL-encoded; a list stands for several fields of one name."""
        path, *given = args
        fields = urlencode(given[0] if given else data or {}, doseq=True)
        return super().post(path, fields, content_type="application/x-www-form-urlencoded", **extra)


Fields = list[tuple[str, str]]
MOST_SCREENS = 20


class FormReader(HTMLParser):
    """The fields of the form `id`, as a browser would send them without a button."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.action = form, False, ""
        self.fields: Fields = []
        self.names: list[str] = []
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = values.get("id") == self.form
            self.action = values["action"] if self.inside else self.action
        if not self.inside or "name" not in values:
            return
        if tag == "input":
            self.names.append(values["name"])
            if values.get("type") not in ("radio", "checkbox") or "checked" in values:
                self.fields.append((values["name"], values.get("value", "")))
        if tag == "textarea":
            self.names.append(values["name"])
            self.area = values["name"]
            self.fields.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[-1] = (self.area, self.fields[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        self.area = None if tag == "textarea" else self.area
        self.inside = self.inside and tag != "form"


@dataclass
class Visitor:
    """`page` is the last page seen."""

    client: Any
    survey: str
    language: str = "en"
    page: Any = None
    fields: Fields = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/s/{self.survey}/{self.language}/"

    @property
    def text(self) -> str:
        return str(self.page.content.decode())

    def arrive(self) -> "Visitor":
        self.page = self.client.get(self.url)
        return self

    def start(self, code: str) -> "Visitor":
        return self.arrive().press("start", code=code)

    def form(self, name: str = "answers") -> FormReader:
        reader = FormReader(name)
        reader.feed(self.text)
        return reader

    def press(self, go: str, form: str = "answers", url: str = "", **changed: Any) -> "Visitor":
        """Send the form with some fields changed (`a.q1` is written `q1`; a list stands for several)."""
        reader = self.form(form)
        data: dict[str, list[str]] = {}
        for name, value in reader.fields:
            data.setdefault(name, []).append(value)
        for name, value in changed.items():
            values = value if isinstance(value, list) else [value]
            data[f"a.{name}" if name.startswith("q") else name] = [str(each) for each in values]
        self.page = self.client.post(url or reader.action, data | {"go": [go]})
        return self

    def questions(self) -> list[str]:
        """The questions on this screen."""
        return list(dict.fromkeys(name[2:] for name in self.form().names if name.startswith("a.")))

    def screens(self) -> Iterator[None]:
        """Stand on each screen in turn, pressing Next between them."""
        for _ in range(MOST_SCREENS):
            yield
            if 'value="send"' in self.text:
                return
            self.press("next")
        raise AssertionError(self.text)

    def to_the_last_screen(self) -> "Visitor":
        """Press Next until there is no Next."""
        for _ in self.screens():
            pass
        return self

    def answer_all(self, answers: dict[str, Any]) -> "Visitor":
        """Go through all screens to the last button and press it."""
        for _ in range(MOST_SCREENS):
            here = {name: answers[name] for name in self.questions() if name in answers}
            last = 'value="send"' in self.text
            self.press("send" if last else "next", **here)
            if last:
                return self
        raise AssertionError(self.text)
