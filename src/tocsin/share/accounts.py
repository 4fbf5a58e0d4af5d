"""Who somebody is: accounts with roles, and passwords with sessions for people (`keys` are for machines).

Passwords are kept as argon2id (RFC 9106), sessions as hashes. There is no default password: the first administrator is
made with a one-time token.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tocsin.share import tables
from tocsin.share.audit import Audit
from tocsin.share.compiled import instant
from tocsin.share.database import Database, ShareError
from tocsin.share.rule import Subject

RIGHTS: dict[str, frozenset[str]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "write"}),
    "releaser": frozenset({"read", "write", "release"}),
    "node": frozenset({"read", "write", "relay"}),
    "admin": frozenset({"read", "write", "release", "admin"}),
}
"""What each role may do.

`release` is to widen a marking or to withdraw what was shared; `relay` is to pass on what belongs to others, which only
another node's account may.
"""

SESSION_LASTS = timedelta(hours=12)
INVITATION_LASTS = timedelta(hours=24)
SHORTEST_PASSWORD = 12

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,99}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, of an organisation, with a role; `providers` and `communities` as in `rule.Subject`."""

    name: str
    organisation: str
    role: str
    providers: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    disabled: bool = False

    def but(self, **changed: Any) -> Account:
        """The account with something changed."""
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who has said who they are; `csrf` is set where a browser's cookie said it."""

    account: Account
    rights: frozenset[str]
    csrf: str | None = None

    def subject(self, at: datetime) -> Subject:
        """Who asks, for the rule of access."""
        return Subject(
            at=at,
            person=self.account.name,
            organisation=self.account.organisation,
            providers=self.account.providers,
            communities=self.account.communities,
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session: `token` for the cookie, `csrf` for every form."""

    token: str
    csrf: str
    expires: datetime


class Accounts:
    """Everybody who may ask, and how they prove who they are."""

    def __init__(
        self, database: Database, audit: Audit, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._audit, self._clock = database, audit, clock

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(tables.account).order_by(tables.account.c.name)).mappings().all()
        return [account_of(row) for row in rows]

    def get(self, name: str) -> Account | None:
        """The account of this name."""
        with self._database.reading() as connection:
            return self._get(connection, name)

    def add(self, account: Account, *, by: str, password: str | None = None) -> None:
        """Make an account. Raises `ShareError` where the name is taken or anything is not as it must be."""
        _check(account)
        hashed = _hashed(password) if password is not None else None
        with self._database.writing() as connection:
            if self._get(connection, account.name):
                raise ShareError(f"There is an account {account.name!r} already: choose another name.")
            connection.execute(sa.insert(tables.account).values(_row(account) | {"password": hashed}))
            self._note(connection, by, "account added", account.name, role=account.role)

    def change(self, account: Account, *, by: str) -> None:
        """Give an account another role, organisation or memberships, or disable it; its sessions end."""
        _check(account)
        with self._database.writing() as connection:
            if not self._get(connection, account.name):
                raise ShareError(f"There is no account {account.name!r}.")
            same = tables.account.c.name == account.name
            connection.execute(sa.update(tables.account).where(same).values(_row(account)))
            connection.execute(sa.delete(tables.session).where(tables.session.c.account == account.name))
            self._note(connection, by, "account changed", account.name, role=account.role, disabled=account.disabled)

    def set_password(self, name: str, password: str, *, by: str) -> None:
        """Replace a password; the account's sessions end."""
        hashed = _hashed(password)
        with self._database.writing() as connection:
            if not self._get(connection, name):
                raise ShareError(f"There is no account {name!r}.")
            connection.execute(sa.update(tables.account).where(tables.account.c.name == name).values(password=hashed))
            connection.execute(sa.delete(tables.session).where(tables.session.c.account == name))
            self._note(connection, by, "password set", name)

    def invite_first(self) -> str | None:
        """A one-time token with which the first administrator is made; None where there is an account already."""
        token = secrets.token_urlsafe(32)
        expires = instant(self._clock() + INVITATION_LASTS)
        with self._database.writing() as connection:
            if connection.execute(sa.select(tables.account.c.name).limit(1)).first():
                return None
            connection.execute(sa.delete(tables.invitation))
            invitation = {"digest": digest(token), "account": "", "expires": expires}
            connection.execute(sa.insert(tables.invitation).values(invitation))
        return token

    def accept_first(self, token: str, name: str, organisation: str, password: str) -> Account:
        """Make the first administrator. The token works once. Raises `ShareError`."""
        account = Account(name, organisation, "admin")
        _check(account)
        hashed = _hashed(password)
        with self._database.writing() as connection:
            used = sa.delete(tables.invitation).where(
                tables.invitation.c.digest == digest(token), tables.invitation.c.expires > instant(self._clock())
            )
            taken = connection.execute(sa.select(tables.account.c.name).limit(1)).first()
            if taken or connection.execute(used).rowcount != 1:
                raise ShareError("This token does not make an administrator: it is wrong, used or too old.")
            connection.execute(sa.insert(tables.account).values(_row(account) | {"password": hashed}))
            self._note(connection, f"person:{name}", "first administrator", name)
        return account

    def log_in(self, name: str, password: str) -> Session | None:
        """A new session, or None. A wrong name takes as long as a wrong password."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(tables.account).where(tables.account.c.name == name)).mappings().first()
        known = row["password"] if row else None
        right = _verify(known or _nobodys_password(), password[:1000])
        if row is None or not known or not right or row["disabled"]:
            self._audit.note(f"person:{name[:100]}", "login refused", name[:100])
            return None
        return self.open_session(name)

    def proves(self, name: str, password: str) -> bool:
        """Whether this is the account's password."""
        with self._database.reading() as connection:
            kept = sa.select(tables.account.c.password).where(tables.account.c.name == name)
            known = connection.execute(kept).scalar()
        return bool(_verify(known or _nobodys_password(), password[:1000]) and known)

    def open_session(self, name: str) -> Session:
        """A session for an account whose owner has proved who they are."""
        made = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._clock() + SESSION_LASTS)
        row = {"digest": digest(made.token), "account": name, "csrf": made.csrf, "expires": instant(made.expires)}
        with self._database.writing() as connection:
            connection.execute(sa.delete(tables.session).where(tables.session.c.expires <= instant(self._clock())))
            connection.execute(sa.insert(tables.session).values(row))
            self._note(connection, f"person:{name}", "login", name)
        return made

    def by_session(self, token: str) -> Login | None:
        """Who holds this session."""
        session = tables.session
        one = sa.select(session.c.account, session.c.csrf).where(
            session.c.digest == digest(token), session.c.expires > instant(self._clock())
        )
        with self._database.reading() as connection:
            row = connection.execute(one).first()
            account = self._get(connection, row.account) if row else None
        if row is None or account is None or account.disabled:
            return None
        return Login(account, RIGHTS[account.role], row.csrf)

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(tables.session).where(tables.session.c.digest == digest(token)))

    def _get(self, connection: sa.Connection, name: str) -> Account | None:
        row = connection.execute(sa.select(tables.account).where(tables.account.c.name == name)).mappings().first()
        return account_of(row) if row else None

    def _note(self, connection: sa.Connection, by: str, action: str, name: str, **detail: Any) -> None:
        self._audit.write(connection, [(by, action, f"person:{name}", detail)])


def _check(account: Account) -> None:
    if account.role not in RIGHTS:
        raise ShareError(f"There is no role {account.role!r}: it is one of {', '.join(RIGHTS)}.")
    names: Iterable[str] = (account.name, account.organisation, *account.providers, *account.communities)
    for name in names:
        if not _NAME.fullmatch(name):
            raise ShareError(f"{name[:100]!r} cannot be a name: use small letters, digits and . _ @ -")


def account_of(row: sa.RowMapping) -> Account:
    """The account in a row of `share_account`."""
    return Account(
        name=row["name"],
        organisation=row["organisation"],
        role=row["role"],
        providers=frozenset(json.loads(row["providers"])),
        communities=frozenset(json.loads(row["communities"])),
        disabled=bool(row["disabled"]),
    )


def _row(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "organisation": account.organisation,
        "role": account.role,
        "providers": json.dumps(sorted(account.providers)),
        "communities": json.dumps(sorted(account.communities)),
        "disabled": account.disabled,
    }


def digest(secret: str) -> str:
    """What is kept of a secret with 256 random bits: nobody guesses it, so a fast hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same_secret(one: str, other: str) -> bool:
    """Compare secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise ShareError(f"The password is too short: use at least {SHORTEST_PASSWORD} characters.")
    if len(password) > 1000:
        raise ShareError("The password is longer than 1000 characters.")
    return PasswordHasher().hash(password)


def _verify(hashed: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, password)
    except (Argon2Error, InvalidHashError, UnicodeError):
        return False


@cache
def _nobodys_password() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe(32))
