"""A strict reading of HTML: what a browser would mend silently is a fault here."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "base"}
URLS = {"href", "src", "action", "formaction"}


class Document(HTMLParser):
    """The elements of a page, with every fault found on the way."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self._labelled: set[str] = set()
        if not text.startswith("<!doctype html>"):
            self.faults.append("no doctype")
        self.feed(text)
        self.close()
        self.faults += [f"<{name}> is never closed" for name in self._open]
        self.faults += [f"the id {name!r} is used twice" for name in {i for i in self.ids if self.ids.count(i) > 1}]
        self._check_references()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if len(held) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, held))
        if tag in FORBIDDEN:
            self.faults.append(f"<{tag}> is not allowed")
        for name, value in held.items():
            self._check_attribute(tag, name, value)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag == "img" and "alt" not in held:
            self.faults.append("an image without alt")
        if tag in ("input", "select") and held.get("type") != "hidden" and "label" not in self._open:
            self._labelled.add(held.get("id", "an unnamed field"))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
        elif self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "style":
            self.faults.append(f"<{tag}> has {name}")
        if name == "id":
            self.ids.append(value)
        if name in URLS:
            self.links.append(value)
            if not value.startswith(("/", "#", "https://", "http://")):
                self.faults.append(f"<{tag} {name}={value!r}> leads elsewhere")

    def _check_references(self) -> None:
        targets = {held.get("for") for tag, held in self.elements if tag == "label"}
        self.faults += [f"the field {name!r} has no label" for name in self._labelled - targets]
        for tag, held in self.elements:
            if (name := held.get("aria-labelledby")) and name not in self.ids:
                self.faults.append(f"<{tag}> is labelled by {name!r}, which is not there")
        if self.headings[:1] != [1] or self.headings.count(1) != 1:
            self.faults.append(f"headings {self.headings} do not begin with the only h1")
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if after > before + 1:
                self.faults.append(f"a heading of level {after} follows one of level {before}")
