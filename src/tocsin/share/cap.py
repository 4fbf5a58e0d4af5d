"""Warnings as alerts of the Common Alerting Protocol 1.2 (OASIS standard, 1 July 2010), for those who relay alerts.

The versions of a report that a window shows are one chain: the first is an Alert, a later one an Update that refers to
all before it, a revoked one a Cancel. A partner acknowledges with an Ack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from tocsin.share.extensions import FINDING
from tocsin.share.handling import Stix, marking_of
from tocsin.share.objects import moment_of
from tocsin.share.rule import UNKNOWN
from tocsin.share.shelf import Collection
from tocsin.share.window import Window
from tocsin.share.xml import document, text_in

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA = "application/cap+xml"

_SEVERITY = {"advisory": "Minor", "warning": "Moderate"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chain: what later messages refer to it by, and its document."""

    sender: str
    identifier: str
    sent: str
    xml: bytes

    @property
    def reference(self) -> str:
        """How others refer to it (section 3.2.1, references)."""
        return f"{self.sender},{self.identifier},{self.sent}"


def chain(window: Window, of: Collection, id: str, sender: str) -> list[Message]:
    """The messages of one report, oldest first; empty where the subject sees no such report."""
    versions = [seen.stix for seen in window.history(of, id)]
    if versions and versions[-1].get("revoked") is True:  # a Cancel refers to what it takes back
        earlier = (seen.stix for seen in window.before(of, id).history(of, id))
        versions = [one for one in earlier if one.get("revoked") is not True] + versions[-1:]
    messages: list[Message] = []
    for report in versions:
        if report["type"] == "report":
            places = _places(window, of, report)
            messages.append(_message(report, places, _word(sender), [one.reference for one in messages]))
    return messages


def acknowledge(message: Message, sender: str, at: datetime, note: str = "") -> Message:
    """An Ack of `message` by `sender`."""
    identifier = f"ack.{message.identifier}.{_word(sender)}"
    root = _head(identifier, _word(sender), _time(at), "Ack")
    text_in(root, "scope", "Private")
    text_in(root, "addresses", message.sender)
    if note:
        text_in(root, "note", note)
    text_in(root, "references", message.reference)
    return Message(_word(sender), identifier, _time(at), document(root))


def _message(report: Stix, places: Sequence[Stix], sender: str, before: list[str]) -> Message:
    revoked = report.get("revoked") is True
    kind = "Cancel" if revoked else "Update" if before else "Alert"
    sent = _time(moment_of(report["modified"]))
    identifier = f"{report['id']}.{re.sub('[^0-9]', '', report['modified'])}"
    root = _head(identifier, sender, sent, kind)
    marking = marking_of(report) or UNKNOWN
    if marking.tlp == "clear":
        text_in(root, "scope", "Public")
    else:
        text_in(root, "scope", "Restricted")
        text_in(root, "restriction", f"TLP:{marking.tlp.upper()}")
    if before:
        text_in(root, "references", " ".join(before))
    text_in(root, "incidents", report["id"])
    _info(root, report, places, revoked=revoked)
    return Message(sender, identifier, sent, document(root))


def _head(identifier: str, sender: str, sent: str, kind: str) -> ElementTree.Element:
    root = ElementTree.Element("alert", {"xmlns": NAMESPACE})
    for name, value in (("identifier", identifier), ("sender", sender), ("sent", sent)):
        text_in(root, name, value)
    text_in(root, "status", "Actual")
    text_in(root, "msgType", kind)
    return root


def _info(root: ElementTree.Element, report: Stix, places: Sequence[Stix], *, revoked: bool) -> None:
    finding = report.get("extensions", {}).get(FINDING, {})
    over = revoked or finding.get("state") in ("closed", "cancelled")
    info = ElementTree.SubElement(root, "info")
    text_in(info, "language", str(report.get("lang", "en")))
    text_in(info, "category", "Security")
    text_in(info, "event", f"Early warning: {finding.get('detector', 'report')}")
    text_in(info, "urgency", "Past" if over else "Expected")
    text_in(info, "severity", _SEVERITY.get(str(finding.get("level")), "Unknown"))
    text_in(info, "certainty", _certainty(finding.get("probability")))
    text_in(info, "onset", _time(moment_of(report["published"])))
    text_in(info, "headline", report["name"][:160])
    text_in(info, "description", str(report.get("description", report["name"])))
    for name in ("watch", "state", "probability_word", "confidence_reason"):
        if name in finding:
            parameter = ElementTree.SubElement(info, "parameter")
            text_in(parameter, "valueName", name)
            text_in(parameter, "value", str(finding[name]))
    for place in places:
        area = ElementTree.SubElement(info, "area")
        text_in(area, "areaDesc", str(place.get("name") or place.get("country")))
        if "latitude" in place and "longitude" in place:
            text_in(area, "circle", f"{place['latitude']},{place['longitude']} 0")


def _certainty(probability: object) -> str:
    """CAP says Likely above and Possible up to an even chance (section 3.2.2); nothing said is Unknown."""
    if not isinstance(probability, int | float):
        return "Unknown"
    return "Likely" if probability > 0.5 else "Possible" if probability > 0 else "Unlikely"


def _places(window: Window, of: Collection, report: Stix) -> list[Stix]:
    refs = [ref for ref in report.get("object_refs", ()) if ref.startswith("location--")]
    return [found for ref in refs[:50] if (found := window.get(of, ref)) is not None]


def _time(time: datetime) -> str:
    """CAP times have an offset and no fraction; Z is not allowed (section 3.3.2)."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _word(sender: str) -> str:
    """Senders and identifiers hold no spaces, commas or markup (section 3.2.1)."""
    return re.sub(r"[\s,<&]+", "-", sender)
