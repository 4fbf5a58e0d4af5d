"""The rule of access as SQL, for SQLite and PostgreSQL alike; tests hold it against `rule.visible`."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from tocsin.share.rule import AUDIENCES, Subject
from tocsin.share.tables import item, reference, release


def instant(time: datetime) -> str:
    """A time as the tables keep it: UTC to the microsecond, so that text sorts as time does."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def visible_sql(subject: Subject, things: sa.FromClause = item) -> sa.ColumnElement[bool]:
    """`rule.visible(subject, thing)` for each row of `things` (the table `share_item` or an alias of it)."""
    columns = things.c
    at = instant(subject.at)
    named = sa.or_(
        *(
            sa.and_(columns.tlp == level, _named_among(columns.o, subject.names(level)))
            for level in AUDIENCES
            if subject.names(level)
        ),
        sa.false(),
    )
    unnamed = columns.tlp.in_(["clear", "green"] if subject.organisation is not None else ["clear"])
    return sa.and_(
        columns.tlp.in_(list(AUDIENCES)),
        sa.or_(columns.not_before.is_(None), columns.not_before <= at),
        sa.or_(columns.not_after.is_(None), columns.not_after > at),
        sa.or_(sa.and_(columns.listed, named), sa.and_(sa.not_(columns.listed), unnamed)),
    )


def _named_among(o: sa.ColumnElement[int], names: frozenset[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(release.c.o == o, release.c.name.in_(sorted(names)))


def shown_sql(subject: Subject, things: sa.FromClause = item) -> sa.ColumnElement[bool]:
    """Whether a thing is visible and can be shown whole: all it cannot do without is visible too.

    A relationship whose end is hidden would tell of the end, and a note about nothing visible would be invalid STIX:
    both are left out. A thing that is not held here counts as hidden, so that the two cannot be told apart.
    """
    mine = reference.c.o == things.c.o
    end = item.alias("referred")
    seen = sa.exists().where(end.c.id == reference.c.ref, visible_sql(subject, end))
    needed = sa.exists().where(mine, reference.c.need == "each", sa.not_(seen))
    some = sa.exists().where(mine, reference.c.need == "some")
    some_seen = sa.exists().where(mine, reference.c.need == "some", seen)
    return sa.and_(visible_sql(subject, things), sa.not_(needed), sa.or_(sa.not_(some), some_seen))
