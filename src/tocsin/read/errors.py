"""What can go wrong in reading."""

from __future__ import annotations


class ReadError(ValueError):
    """A page cannot be read; the message is one sentence for the user: what, where, why."""
