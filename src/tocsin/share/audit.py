"""The record of who did what: append-only, each entry bound to the one before, the last one signed.

An entry's hash covers its number, its words and the hash before it, so that an entry cannot be changed, taken out or
moved without changing every hash after it; the signature (Ed25519) over the last number and hash makes the changed end
show. Who can also sign could write a new history: keep the key elsewhere than the database. Putting back an older
database with its own, once true, signature shows only against a head that was kept elsewhere (`anchor`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tocsin.share.compiled import instant
from tocsin.share.database import Database, ShareError
from tocsin.share.tables import audit, audit_head

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did: `actor` did `action` to `subject`, with `detail` (a reason, counts, an address)."""

    n: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the record: how many entries there are, and the hash that stands for them all."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: `entries` are sound, and if not all are, `fault` says in a sentence what is wrong where."""

    entries: int
    fault: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


class Audit:
    """The record, written with a signing key; `verify` needs only the public half."""

    def __init__(
        self, database: Database, key: Ed25519PrivateKey, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._key, self._clock = database, key, clock

    def note(self, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Append one entry."""
        self.note_all([(actor, action, subject, detail)])

    def note_all(self, deeds: list[tuple[str, str, str, Mapping[str, Any]]]) -> None:
        """Append entries (actor, action, subject, detail) in one transaction."""
        with self._database.writing() as connection:
            self.write(connection, deeds)

    def write(self, connection: sa.Connection, deeds: list[tuple[str, str, str, Mapping[str, Any]]]) -> None:
        """Append entries in a transaction that is under way: a deed and its record stand or fall together."""
        if not deeds:
            return
        last = connection.execute(sa.select(audit_head.c.n, audit_head.c.hash)).first()
        n, before = (last.n, last.hash) if last else (0, BEGINNING)
        rows = []
        for actor, action, subject, detail in deeds:
            n += 1
            row = {
                "n": n,
                "at": instant(self._clock()),
                "actor": _storable(actor),
                "action": _storable(action),
                "subject": _storable(subject),
                "detail": json.dumps(detail, sort_keys=True, ensure_ascii=True, default=str),
            }
            before = chained(before, row)
            rows.append(row | {"hash": before})
        connection.execute(sa.insert(audit), rows)
        head = {"n": n, "hash": before, "signature": self._key.sign(_words(n, before)).hex()}
        if last:
            connection.execute(sa.update(audit_head).values(head))
        else:
            connection.execute(sa.insert(audit_head).values(head | {"only": 1}))

    def entries(self, *, subject: str | None = None, after: int = 0) -> Iterator[Entry]:
        """Entries in order, all or those about one subject, streamed."""
        condition = [audit.c.subject == subject] if subject else []
        with self._database.reading() as connection:
            statement = sa.select(audit).where(audit.c.n > after, *condition).order_by(audit.c.n)
            for row in connection.execution_options(stream_results=True).execute(statement):
                yield Entry(row.n, row.at, row.actor, row.action, row.subject, json.loads(row.detail), row.hash)

    def head(self) -> Head:
        """The end of the record, to be kept elsewhere."""
        with self._database.reading() as connection:
            last = connection.execute(sa.select(audit_head.c.n, audit_head.c.hash)).first()
        return Head(last.n, last.hash) if last else Head(0, BEGINNING)

    def verify(self, anchor: Head | None = None) -> Verdict:
        """Recompute the whole chain and check the signature; `anchor` is a head that was kept elsewhere."""
        return verify(self._database, self._key.public_key(), anchor)


def _storable(words: str) -> str:
    """Text that every database can hold: no NUL, no half of a character."""
    return words.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def chained(before: str, row: Mapping[str, Any]) -> str:
    """The hash of an entry that follows the one whose hash is `before`."""
    said = [before, row["n"], row["at"], row["actor"], row["action"], row["subject"], row["detail"]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def _words(n: int, digest: str) -> bytes:
    return f"tocsin audit head {n} {digest}".encode()


def verify(database: Database, key: Ed25519PublicKey, anchor: Head | None = None) -> Verdict:
    """Whether the record is whole: every entry, their order, their number, and the signature at the end."""
    before, n = BEGINNING, 0
    anchored = anchor is None or anchor.n == 0
    with database.reading() as connection:
        heads = connection.execute(sa.select(audit_head)).mappings().all()
        rows = connection.execution_options(stream_results=True).execute(sa.select(audit).order_by(audit.c.n))
        for row in map(dict, rows.mappings()):
            if row["n"] != n + 1:
                return Verdict(n, f"Entry {n + 1} is missing.")
            if not isinstance(row["detail"], str) or chained(before, row) != row["hash"]:
                return Verdict(n, f"Entry {n + 1} is not what was written.")
            before, n = row["hash"], n + 1
            anchored = anchored or (anchor is not None and (n, before) == (anchor.n, anchor.hash))
    fault = _fault_of_end(heads, key, n, before)
    if fault is None and not anchored:
        fault = f"The record is not the one whose end was kept as entry {anchor.n if anchor else 0}."
    return Verdict(n, fault)


def _fault_of_end(heads: Any, key: Ed25519PublicKey, n: int, digest: str) -> str | None:
    if not heads:
        return None if n == 0 else "The signature of the end is missing."
    head = heads[0]
    try:
        key.verify(bytes.fromhex(head["signature"]), _words(head["n"], head["hash"]))
    except (InvalidSignature, ValueError, TypeError):
        return "The signature of the end is not ours."
    if len(heads) > 1 or head["signature"] != str(head["signature"]).lower() or head["only"] != 1:
        return "The signature of the end is not what was written."
    if (head["n"], head["hash"]) != (n, digest):
        return f"Entries after {n} are missing: the signed end is entry {head['n']}."
    return None


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file `path`, made there for this user alone if there is none. Raises `ShareError`."""
    try:
        if not path.exists():
            made = Ed25519PrivateKey.generate().private_bytes_raw().hex()
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(made + "\n")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except FileExistsError:
        return signing_key(path)  # another process made it in between
    except (OSError, ValueError) as error:
        raise ShareError(f"The signing key in {path} cannot be used: {error}.") from error
