"""Ids that are the same wherever and whenever they are made: UUIDv5 (RFC 9562, section 5.5) of what they name."""

from __future__ import annotations

import json
import uuid

NAMESPACE = uuid.UUID("6f0f5d5a-2b46-5a34-8a35-0f6b6a1d7c11")
"""The namespace of everything that tocsin names by its content."""


def stix_id(kind: str, *parts: object) -> str:
    """The id of the STIX object of type `kind` that is made of `parts` (anything JSON can hold)."""
    said = json.dumps([kind, *parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return f"{kind}--{uuid.uuid5(NAMESPACE, said)}"
