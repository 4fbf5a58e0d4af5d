"""Who somebody is: nobody gets in without proof, and no proof is kept as itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.share import tables
from tocsin.share.accounts import RIGHTS, SESSION_LASTS, Account, Accounts
from tocsin.share.audit import Audit
from tocsin.share.database import Database, ShareError
from tocsin.share.keys import KEY_LASTS, ROTATION_GRACE, Keys

from .decisions import NOON

PASSWORD = "correct horse battery"  # noqa: S105 - of nobody


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    made = Accounts(database, Audit(database, Ed25519PrivateKey.generate()), clock)
    made.add(Account("jane", "navy", "analyst", communities=frozenset({"coast"})), by="test", password=PASSWORD)
    return made


@pytest.fixture
def keys(database: Database, accounts: Accounts, clock: Clock) -> Keys:
    return Keys(database, Audit(database, Ed25519PrivateKey.generate()), clock)


def test_a_right_password_opens_a_session_that_ends(accounts: Accounts, clock: Clock) -> None:
    session = accounts.log_in("jane", PASSWORD)
    assert session is not None
    found = accounts.by_session(session.token)
    assert found is not None
    assert (found.account.organisation, found.csrf) == ("navy", session.csrf)
    assert found.subject(NOON).names("green") == {"person:jane", "org:navy", "group:coast"}
    clock.now += SESSION_LASTS
    assert accounts.by_session(session.token) is None


def test_a_session_ends_when_its_owner_logs_out_or_is_disabled(accounts: Accounts) -> None:
    first, second = accounts.log_in("jane", PASSWORD), accounts.log_in("jane", PASSWORD)
    assert first is not None
    assert second is not None
    accounts.log_out(first.token)
    assert accounts.by_session(first.token) is None
    assert accounts.by_session(second.token) is not None
    accounts.change(Account("jane", "navy", "analyst", disabled=True), by="test")
    assert accounts.by_session(second.token) is None
    assert accounts.log_in("jane", PASSWORD) is None


@pytest.mark.parametrize(("name", "password"), [("jane", "wrong password"), ("nobody", PASSWORD), ("jane", "")])
def test_a_wrong_name_and_a_wrong_password_are_alike(accounts: Accounts, name: str, password: str) -> None:
    assert accounts.log_in(name, password) is None


def test_no_secret_is_kept_as_itself(database: Database, accounts: Accounts, keys: Keys) -> None:
    session = accounts.log_in("jane", PASSWORD)
    key = keys.issue("jane", ["read"], by="test")
    assert session is not None
    with database.reading() as connection:
        everything = str([connection.execute(sa.select(table)).all() for table in tables.metadata.sorted_tables])
    for secret in (PASSWORD, session.token, key.split(".")[2]):
        assert secret not in everything
    assert "$argon2id$" in everything


def test_the_first_administrator_needs_the_token_and_it_works_once(database: Database, clock: Clock) -> None:
    accounts = Accounts(database, Audit(database, Ed25519PrivateKey.generate()), clock)
    token = accounts.invite_first()
    assert token
    with pytest.raises(ShareError, match="wrong, used or too old"):
        accounts.accept_first("guess", "eve", "navy", PASSWORD)
    assert accounts.accept_first(token, "ada", "navy", PASSWORD).role == "admin"
    with pytest.raises(ShareError):
        accounts.accept_first(token, "eve", "navy", PASSWORD)
    assert accounts.invite_first() is None


def test_the_token_grows_old(database: Database, clock: Clock) -> None:
    accounts = Accounts(database, Audit(database, Ed25519PrivateKey.generate()), clock)
    token = accounts.invite_first()
    clock.now += timedelta(hours=25)
    with pytest.raises(ShareError):
        accounts.accept_first(str(token), "ada", "navy", PASSWORD)


@pytest.mark.parametrize(
    "account", [Account("Jane Doe", "navy", "viewer"), Account("x", "na\nvy", "viewer"), Account("x", "y", "god")]
)
def test_names_and_roles_are_as_they_must_be(accounts: Accounts, account: Account) -> None:
    with pytest.raises(ShareError):
        accounts.add(account, by="test")


def test_a_short_password_or_a_taken_name_is_refused(accounts: Accounts) -> None:
    with pytest.raises(ShareError, match="12 characters"):
        accounts.set_password("jane", "short", by="test")
    with pytest.raises(ShareError, match="already"):
        accounts.add(Account("jane", "navy", "viewer"), by="test")


def test_a_key_has_the_rights_that_both_it_and_the_role_allow(keys: Keys) -> None:
    found = keys.login(keys.issue("jane", ["read", "release"], by="test"))
    assert found is not None
    assert found.rights == {"read"}
    assert found.rights < RIGHTS["analyst"]


@pytest.mark.parametrize("days", [-1, 0, 3_000_000])
def test_a_key_lasts_for_a_time_that_there_is(keys: Keys, days: int) -> None:
    with pytest.raises(ShareError, match="lasts from one day"):
        keys.issue("jane", ["read"], by="test", lasts=timedelta(days=days))


def test_a_key_expires_is_rotated_and_is_revoked(keys: Keys, clock: Clock) -> None:
    old = keys.issue("jane", ["read"], by="test")
    new = keys.rotate(old.split(".")[1], by="test")
    assert keys.login(old)
    assert keys.login(new)
    clock.now += ROTATION_GRACE
    assert keys.login(old) is None
    keys.revoke(new.split(".")[1], by="test")
    assert keys.login(new) is None
    third = keys.issue("jane", ["read"], by="test")
    clock.now += KEY_LASTS
    assert keys.login(third) is None


@pytest.mark.parametrize("text", ["", "tocsin..", "tocsin.x.y", "a.b.c.d", "tocsin.\x00.\ud800", "x" * 10_000])
def test_what_is_no_key_is_nobody(keys: Keys, text: str) -> None:
    assert keys.login(text) is None


def test_the_secret_must_be_right(keys: Keys) -> None:
    key = keys.issue("jane", ["read"], by="test")
    assert keys.login(key[:-1] + ("A" if key[-1] != "A" else "B")) is None
    assert all("digest" not in row for row in keys.all())
    with pytest.raises(ShareError):
        keys.issue("jane", ["everything"], by="test")
    with pytest.raises(ShareError):
        keys.issue("nobody", ["read"], by="test")
