"""Webhooks: telling a partner's system that something it may see has come, signed, retried, and put aside if in vain.

A notice holds ids and no words: what happened is fetched, through the partner's own window. Each is signed with
HMAC-SHA256 over its time and body (`X-Tocsin-Signature: t=SECONDS,v1=HEX`), so that neither can be changed and an old
one cannot be sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.records import Value
from tocsin.share import tables
from tocsin.share.accounts import Login
from tocsin.share.addresses import Outside
from tocsin.share.compiled import instant
from tocsin.share.database import Database, ShareError
from tocsin.share.shelf import Shelf
from tocsin.share.window import EVERYTHING, Match, Window

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long to wait after each failure; after the last the notice is dead."""

FRESH = 300
"""Seconds for which a signature is taken as new."""

MOST_IDS = 1000

DISABLED = "Its account is disabled."


class Hook(Value):
    """Whom to tell: `account` sees what the notices are about; `secret` is known to both sides; `told` is how far."""

    name: str
    url: str
    account: str
    collection: str
    secret: str
    told: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way, delivered, or dead."""

    id: str
    hook: str
    body: str
    attempts: int
    state: str
    says: str


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of `X-Tocsin-Signature`."""
    mac = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def genuine(secret: str, body: bytes, said: str, now: int) -> bool:
    """Whether a notice that was received with the signature `said` is ours, unchanged and new."""
    parts = dict(part.partition("=")[::2] for part in said.split(","))
    time = parts.get("t", "")
    if not (time.isascii() and time.isdigit() and len(time) < 12) or abs(now - int(time)) > FRESH:
        return False
    return hmac.compare_digest(signature(secret, body, int(time)).encode(), said.encode("utf-8", "replace"))


class Hooks:
    """Every webhook, and the notices on their way."""

    def __init__(
        self, database: Database, outside: Outside, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._outside, self._clock = database, outside, clock

    def add(self, name: str, url: str, account: str, collection: str) -> Hook:
        """Make a webhook; its secret is to be given to the partner."""
        made = Hook(name=name, url=url, account=account, collection=collection, secret=secrets.token_urlsafe(32))
        with self._database.writing() as connection:
            connection.execute(sa.delete(tables.hook).where(tables.hook.c.name == name))
            connection.execute(sa.insert(tables.hook).values(name=name, settings=made.model_dump_json()))
        return made

    def all(self) -> list[Hook]:
        """Every webhook, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(tables.hook.c.settings).order_by(tables.hook.c.name)).scalars().all()
        return [Hook.model_validate_json(row) for row in rows]

    def get(self, name: str) -> Hook:
        """The webhook of this name. Raises `ShareError`."""
        found = next((hook for hook in self.all() if hook.name == name), None)
        if found is None:
            raise ShareError(f"There is no webhook {name!r}: make it with tocsin hook add.")
        return found

    def test(self, name: str) -> str | None:
        """Send a notice about nothing; None where it was taken, else a sentence why not. Raises `ShareError`."""
        body = json.dumps({"collection": self.get(name).collection, "objects": [], "test": True}).encode()
        return self._send(self.get(name), body, secrets.token_hex(16))

    def remove(self, name: str) -> None:
        """Tell nobody at this webhook any more."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(tables.hook).where(tables.hook.c.name == name))
            connection.execute(sa.delete(tables.delivery).where(tables.delivery.c.hook == name))

    def notice(self, shelf: Shelf, login: Callable[[str], Login | None]) -> int:
        """Write a notice for every webhook whose account can see something new. Returns how many."""
        written = 0
        shelf.lift_embargoes(self._clock())
        for hook in self.all():
            known = login(hook.account)
            of = shelf.collection(hook.collection)
            if known is None or of is None:
                continue
            window = Window(shelf, known.subject(self._clock()))
            if window.collection(of.id) is None:
                continue
            found, _ = window.page(of, Match(versions=EVERYTHING.versions, after=hook.told), MOST_IDS)
            if found:
                body = {"collection": of.id, "objects": [{"id": one.id, "version": one.version} for one in found]}
                self._write(hook.model_copy(update={"told": found[-1].n}), body)
                written += 1
        return written

    def _write(self, hook: Hook, body: dict[str, Any]) -> None:
        row = {
            "id": secrets.token_hex(16),
            "hook": hook.name,
            "body": json.dumps(body, separators=(",", ":")),
            "attempts": 0,
            "due": instant(self._clock()),
            "state": "waiting",
            "says": "",
        }
        with self._database.writing() as connection:
            connection.execute(sa.insert(tables.delivery).values(row))
            same = tables.hook.c.name == hook.name
            connection.execute(sa.update(tables.hook).where(same).values(settings=hook.model_dump_json()))

    def deliver(self, limit: int = 100) -> dict[str, int]:
        """Send what is due. Returns how many were delivered, are to be tried again, or are dead."""
        counts = {"delivered": 0, "waiting": 0, "dead": 0}
        due = (
            sa.select(tables.delivery)
            .where(tables.delivery.c.state == "waiting", tables.delivery.c.due <= instant(self._clock()))
            .order_by(tables.delivery.c.due)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = [dict(row) for row in connection.execute(due).mappings()]
        hooks, disabled = {hook.name: hook for hook in self.all()}, self._disabled()
        for row in rows:
            hook = hooks.get(row["hook"])
            ended = hook is not None and hook.account in disabled
            says = DISABLED if ended else self._send(hook, row["body"].encode(), row["id"])
            again = not ended and row["attempts"] < len(RETRIES)
            state = "delivered" if says is None else "waiting" if again else "dead"
            counts[state] += 1
            wait = RETRIES[min(row["attempts"], len(RETRIES) - 1)]
            changed = {"attempts": row["attempts"] + 1, "state": state, "says": says or ""}
            changed["due"] = instant(self._clock() + wait)
            with self._database.writing() as connection:
                same = tables.delivery.c.id == row["id"]
                connection.execute(sa.update(tables.delivery).where(same).values(changed))
        return counts

    def _disabled(self) -> set[str]:
        """The accounts that may come in no more."""
        chosen = sa.select(tables.account.c.name).where(tables.account.c.disabled)
        with self._database.reading() as connection:
            return set(connection.execute(chosen).scalars())

    def _send(self, hook: Hook | None, body: bytes, id: str) -> str | None:
        """Send one notice; None where it has arrived, else a sentence why not."""
        if hook is None:
            return "The webhook was removed."
        at = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "X-Tocsin-Signature": signature(hook.secret, body, at),
            "X-Tocsin-Delivery": id,
        }
        try:
            answer = self._outside.call("POST", hook.url, headers=headers, body=body)
        except ShareError as error:
            return str(error)
        return None if 200 <= answer.status < 300 else f"It answered {answer.status}."

    def deliveries(self, state: str) -> list[Delivery]:
        """The notices that are waiting, delivered or dead."""
        chosen = sa.select(tables.delivery).where(tables.delivery.c.state == state).order_by(tables.delivery.c.due)
        with self._database.reading() as connection:
            rows = connection.execute(chosen).all()
        return [Delivery(row.id, row.hook, row.body, row.attempts, row.state, row.says) for row in rows]

    def revive(self, id: str) -> None:
        """Try a dead notice again from the beginning."""
        with self._database.writing() as connection:
            changed = {"state": "waiting", "attempts": 0, "due": instant(self._clock())}
            connection.execute(sa.update(tables.delivery).where(tables.delivery.c.id == id).values(changed))
