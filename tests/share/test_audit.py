"""Whatever is changed in the record of deeds, `verify` finds it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.share.audit import Audit, Head, signing_key, verify
from tocsin.share.database import Database, ShareError
from tocsin.share.tables import audit, audit_head

from .decisions import NOON

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def a_record(database: Database, entries: int = 12) -> Audit:
    """A record of some deeds."""
    record = Audit(database, KEY, clock=lambda: NOON)
    for n in range(entries):
        record.note(f"person:p{n % 3}", "read", f"report--{n}", reason=f"because {n}", many=n)
    return record


def test_a_record_that_nobody_touched_is_sound(database: Database) -> None:
    assert Audit(database, KEY).verify().sound
    record = a_record(database)
    verdict = record.verify()
    assert verdict.sound
    assert verdict.entries == 12
    assert [entry.subject for entry in record.entries()][:2] == ["report--0", "report--1"]
    assert next(record.entries(subject="report--5")).detail == {"reason": "because 5", "many": 5}


def test_words_with_line_breaks_stay_inside_their_entry(database: Database) -> None:
    record = a_record(database, 1)
    record.note("person:x\n2026 person:admin", "login", "\x00\x1b[2J\ud800")
    assert record.verify().entries == 2


def test_several_deeds_are_written_at_once_or_not_at_all(database: Database) -> None:
    record = a_record(database, 2)
    with pytest.raises(AttributeError):
        record.note_all([("a", "b", "c", {}), ("a", "b", object(), {})])  # type: ignore[list-item]
    assert record.verify().entries == 2


def every_row(connection: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def edit_a_byte(connection: sa.Connection, chance: random.Random) -> None:
    table = chance.choices([audit, audit_head], [9, 1])[0]
    row = chance.choice(every_row(connection, table))
    column = chance.choice([name for name in row if table is audit or name != "only"])
    value, primary = row[column], next(iter(table.primary_key.columns)).name
    if isinstance(value, int):
        changed: Any = value ^ (1 << chance.randrange(8))
    else:
        place = chance.randrange(len(value))
        other = chance.choice([c for c in '0123456789abcdefXYZ{}": ' if c != value[place]])
        changed = value[:place] + other + value[place + 1 :]
    if column == "n" and table is audit and changed in {one["n"] for one in every_row(connection, audit)}:
        connection.execute(sa.delete(table).where(table.c.n == changed))
    connection.execute(sa.update(table).where(table.c[primary] == row[primary]).values({column: changed}))


def delete(connection: sa.Connection, chance: random.Random) -> None:
    n = chance.randint(1, 11)
    connection.execute(sa.delete(audit).where(audit.c.n == n))
    if chance.random() < 0.5:  # and close the gap
        for later in range(n + 1, 13):
            connection.execute(sa.update(audit).where(audit.c.n == later).values(n=later - 1))


def reorder(connection: sa.Connection, chance: random.Random) -> None:
    first, second = chance.sample(range(1, 13), 2)
    for source, to in ((first, 99), (second, first), (99, second)):
        connection.execute(sa.update(audit).where(audit.c.n == source).values(n=to))


def truncate(connection: sa.Connection, chance: random.Random) -> None:
    kept = chance.randint(0, 11)
    connection.execute(sa.delete(audit).where(audit.c.n > kept))
    if chance.random() < 0.5:
        last = connection.execute(sa.select(audit.c.hash).where(audit.c.n == kept)).scalar() or "0" * 64
        connection.execute(sa.update(audit_head).values(n=kept, hash=last))


DAMAGES = [edit_a_byte, delete, reorder, truncate]


def trials(database: Database, many: int) -> int:
    """How often damage was found."""
    a_record(database)
    found = 0
    for seed in range(many):
        chance = random.Random(seed)
        with database.engine.connect().execution_options(writing=True) as connection, connection.begin() as undo:
            DAMAGES[seed % len(DAMAGES)](connection, chance)
            found += not verify(_Inside(connection), KEY.public_key()).sound
            undo.rollback()
    return found


class _Inside(Database):
    """The database as it looks from within a transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def reading(self) -> Any:
        from contextlib import nullcontext

        return nullcontext(self._connection)


def test_every_edit_deletion_reordering_and_truncation_is_found(database: Database) -> None:
    assert trials(database, 400) == 400


@pytest.mark.slow
def test_ten_thousand_of_ten_thousand_damages_are_found(database: Database) -> None:
    assert trials(database, 10_000) == 10_000


def test_an_older_state_with_its_true_signature_shows_against_a_head_kept_elsewhere(database: Database) -> None:
    record = a_record(database, 5)
    with database.writing() as connection:
        old = every_row(connection, audit_head)[0]
    record.note("person:p", "release", "report--9")
    kept = record.head()
    with database.writing() as connection:
        connection.execute(sa.delete(audit).where(audit.c.n > 5))
        connection.execute(sa.update(audit_head).values(old))
    assert record.verify().sound
    assert "entry 6" in str(record.verify(kept).fault)
    assert record.verify(Head(5, old["hash"])).sound


def test_another_key_does_not_verify(database: Database) -> None:
    a_record(database)
    stranger = Ed25519PrivateKey.generate().public_key()
    assert verify(database, stranger).fault == "The signature of the end is not ours."


def test_the_key_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    first = signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert signing_key(path).private_bytes_raw() == first.private_bytes_raw()
    path.write_text("not a key")
    with pytest.raises(ShareError, match="cannot be used"):
        signing_key(path)
