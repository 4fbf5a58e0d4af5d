"""A report with what it refers to as an event in MISP's core format, as far as the subject may see it."""

from __future__ import annotations

from typing import Any

from tocsin.share.handling import Stix, marking_of
from tocsin.share.names import NAMESPACE, stix_id
from tocsin.share.objects import moment_of
from tocsin.share.rule import UNKNOWN
from tocsin.share.shelf import Collection
from tocsin.share.window import Window

MOST_REFERENCES = 500

_DISTRIBUTION = {"clear": "3", "green": "1"}
"""MISP: 0 this organisation only, 1 this community, 3 all communities. What is stricter than GREEN stays here."""


def event(window: Window, of: Collection, id: str, organisation: str) -> dict[str, Any] | None:
    """The MISP event of a report, or None where the subject sees no such report."""
    report = window.get(of, id)
    if report is None or report["type"] != "report":
        return None
    seen = [window.get(of, ref) for ref in report.get("object_refs", ())[:MOST_REFERENCES]]
    marking = marking_of(report) or UNKNOWN
    made: dict[str, Any] = {
        "uuid": id.removeprefix("report--"),
        "info": report["name"],
        "date": report["published"][:10],
        "timestamp": str(int(moment_of(report["modified"]).timestamp())),
        "analysis": "2",
        "threat_level_id": "4",
        "published": False,
        "distribution": _DISTRIBUTION.get(marking.tlp, "0"),
        "Orgc": {"name": organisation, "uuid": stix_id("identity", "publisher", organisation).partition("--")[2]},
        "Tag": [{"name": f"tlp:{marking.tlp}"}],
        "Attribute": [*_attributes(report), *(made for one in seen if one for made in _attributes(one))],
    }
    return {"Event": made}


def _attributes(stix: Stix) -> list[dict[str, Any]]:
    said = [("text", "Other", stix.get("description") or stix.get("content"))]
    for one in stix.get("external_references", ()):
        hashes = one.get("hashes")
        said.append(("link", "External analysis", one.get("url")))
        said.append(("sha256", "External analysis", hashes.get("SHA-256") if isinstance(hashes, dict) else None))
    if stix["type"] == "url":
        said.append(("link", "External analysis", stix["value"]))
    return [
        {
            "uuid": stix_id("attribute", str(NAMESPACE), stix["id"], kind, value).partition("--")[2],
            "type": kind,
            "category": category,
            "value": value,
            "to_ids": False,
            "comment": str(stix.get("name", stix["type"])),
        }
        for kind, category, value in said
        if value and isinstance(value, str)
    ]
