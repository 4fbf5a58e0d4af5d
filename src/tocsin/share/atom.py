"""Warnings as an Atom feed (RFC 4287): the newest version of every report that the subject may see."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from tocsin.share.handling import Stix
from tocsin.share.shelf import Collection
from tocsin.share.window import Match, Window
from tocsin.share.xml import document, text_in

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
LONGEST = 100
EARLIEST = "1970-01-01T00:00:00Z"


def feed(window: Window, of: Collection, link: Callable[[str], str], address: str, author: str) -> bytes:
    """The feed of a collection, newest first; `link` gives the page of a report by its id."""
    found = window.newest(of, Match(types=frozenset({"report"})), LONGEST)
    newest = sorted((seen.stix for seen in found), key=lambda one: str(one["modified"]), reverse=True)
    root = ElementTree.Element("feed", {"xmlns": NAMESPACE})
    text_in(root, "id", f"urn:uuid:{of.id}")
    text_in(root, "title", of.title)
    text_in(root, "updated", newest[0]["modified"] if newest else EARLIEST)
    ElementTree.SubElement(root, "link", {"rel": "self", "href": address})
    text_in(ElementTree.SubElement(root, "author"), "name", author)
    for report in newest:
        _entry(root, report, link(report["id"]))
    return document(root)


def _entry(root: ElementTree.Element, report: Stix, link: str) -> None:
    entry = ElementTree.SubElement(root, "entry")
    text_in(entry, "id", f"urn:uuid:{report['id'].removeprefix('report--')}")
    text_in(entry, "title", report["name"])
    text_in(entry, "updated", report["modified"])
    text_in(entry, "published", report["published"])
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": link})
    text_in(entry, "summary", str(report.get("description", report["name"])))
