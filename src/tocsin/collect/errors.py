"""What can go wrong in collecting."""

from __future__ import annotations


class SourceError(ValueError):
    """A source cannot be made or read; the message is one sentence for the user: what, where, what to do."""


class AddressRefused(SourceError):  # noqa: N818 - what happened, not that it did
    """An address that tocsin will not connect to: not on the public internet, or not HTTP."""


class FetchFailed(SourceError):  # noqa: N818 - likewise
    """An address could not be fetched.

    `retry_after` is how many seconds the server asked to be left alone; `lasting` says that it answered for good (no
    such page, not for you), so that asking again is in vain.
    """

    def __init__(self, message: str, retry_after: float | None = None, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.lasting = lasting
