"""tocsin's published STIX extensions: their ids, their definitions, and how they are put onto an object."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

from tocsin import data
from tocsin.share.names import stix_id

CREATED = "2026-01-01T00:00:00.000Z"

HANDLING = stix_id("extension-definition", "handling")
EVENT = stix_id("extension-definition", "event")
FINDING = stix_id("extension-definition", "finding")

PROJECT = stix_id("identity", "the tocsin project")
"""Who defines the extensions."""


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(data.text("share/extensions.toml"))


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of what an extension holds."""
    found: dict[str, Any] = json.loads(_texts()[name]["schema"])
    return found


def definitions() -> list[dict[str, Any]]:
    """The project's identity and the definition of every extension."""
    project = {
        "type": "identity",
        "spec_version": "2.1",
        "id": PROJECT,
        "created": CREATED,
        "modified": CREATED,
        "name": "tocsin",
        "description": "The open-source early-warning system tocsin, which defines these extensions.",
        "identity_class": "system",
    }
    made = [
        {
            "type": "extension-definition",
            "spec_version": "2.1",
            "id": stix_id("extension-definition", name),
            "created_by_ref": PROJECT,
            "created": CREATED,
            "modified": CREATED,
            "name": text["name"],
            "description": text["description"],
            "schema": json.dumps(schema(name), sort_keys=True),
            "version": text["version"],
            "extension_types": ["property-extension"],
        }
        for name, text in _texts().items()
    ]
    return [project, *made]


def extended(extension: str, **properties: Any) -> dict[str, Any]:
    """An `extensions` property that holds one extension; what is not stated is left out."""
    stated = {name: value for name, value in properties.items() if value not in (None, "", [], ())}
    return {extension: {"extension_type": "property-extension", **stated}}
