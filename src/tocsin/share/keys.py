"""API keys for machines: scoped, expiring, rotated.

A key is `tocsin.<id>.<secret>`; of the secret (256 random bits) only a SHA-256 is kept.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.share import tables
from tocsin.share.accounts import RIGHTS, Login, account_of, digest, same_secret
from tocsin.share.audit import Audit
from tocsin.share.compiled import instant
from tocsin.share.database import Database, ShareError

SCOPES = frozenset().union(*RIGHTS.values())

KEY_LASTS = timedelta(days=90)
LONGEST = timedelta(days=36_500)
ROTATION_GRACE = timedelta(hours=24)


class Keys:
    """API keys: scoped, expiring, rotated."""

    def __init__(
        self, database: Database, audit: Audit, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._audit, self._clock = database, audit, clock

    def issue(self, account: str, scopes: Iterable[str], *, by: str, lasts: timedelta = KEY_LASTS) -> str:
        """A new key for an account; it is shown once and never again. Raises `ShareError`."""
        wanted = sorted(set(scopes))
        if not wanted or not SCOPES.issuperset(wanted):
            raise ShareError(f"The scopes of a key are some of {', '.join(sorted(SCOPES))}.")
        if not timedelta() < lasts <= LONGEST:
            raise ShareError(f"A key lasts from one day to {LONGEST.days} days.")
        id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            known = sa.select(tables.account.c.name).where(tables.account.c.name == account)
            if not connection.execute(known).first():
                raise ShareError(f"There is no account {account!r}.")
            row = {
                "id": id,
                "account": account,
                "digest": digest(secret),
                "scopes": json.dumps(wanted),
                "created": instant(self._clock()),
                "expires": instant(self._clock() + lasts),
            }
            connection.execute(sa.insert(tables.key).values(row))
            self._audit.write(connection, [(by, "key issued", f"person:{account}", {"key": id, "scopes": wanted})])
        return f"tocsin.{id}.{secret}"

    def rotate(self, id: str, *, by: str) -> str:
        """A new key with the same scopes; the old one works for one more day. Raises `ShareError`."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(tables.key).where(tables.key.c.id == id)).mappings().first()
        if row is None or row["revoked"]:
            raise ShareError(f"There is no key {id!r} to rotate.")
        new = self.issue(row["account"], json.loads(row["scopes"]), by=by)
        ends = min(row["expires"], instant(self._clock() + ROTATION_GRACE))
        with self._database.writing() as connection:
            connection.execute(sa.update(tables.key).where(tables.key.c.id == id).values(expires=ends))
        return new

    def revoke(self, id: str, *, by: str) -> None:
        """End a key now. Raises `ShareError`."""
        with self._database.writing() as connection:
            ended = sa.update(tables.key).where(tables.key.c.id == id).values(revoked=instant(self._clock()))
            if connection.execute(ended).rowcount != 1:
                raise ShareError(f"There is no key {id!r}.")
            self._audit.write(connection, [(by, "key revoked", f"key:{id}", {})])

    def all(self) -> list[dict[str, Any]]:
        """Every key without its secret: id, account, scopes, created, expires, revoked."""
        columns = [column for column in tables.key.c if column.name != "digest"]
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*columns).order_by(tables.key.c.created)).mappings().all()
        return [dict(row) | {"scopes": json.loads(row["scopes"])} for row in rows]

    def login(self, text: str) -> Login | None:
        """Whose key this is, with the rights that both the key and the role allow."""
        parts = text.split(".")
        if len(parts) != 3 or parts[0] != "tocsin":
            return None
        with self._database.reading() as connection:
            row = connection.execute(sa.select(tables.key).where(tables.key.c.id == parts[1])).mappings().first()
            mine = tables.account.c.name == (row["account"] if row else "")
            found = connection.execute(sa.select(tables.account).where(mine)).mappings().first()
        right = same_secret(row["digest"] if row else "0" * 64, digest(parts[2]))
        if row is None or found is None or not right or row["revoked"] or row["expires"] <= instant(self._clock()):
            return None
        account = account_of(found)
        if account.disabled:
            return None
        return Login(account, RIGHTS[account.role].intersection(json.loads(row["scopes"])))
