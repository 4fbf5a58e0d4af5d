"""The rule of access as SQL, for SQLite and PostgreSQL alike; tests hold it against `rule.visible`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tocsin.share.rule import AUDIENCES, Subject
from tocsin.share.tables import item, reference, release


def instant(time: datetime) -> str:
    """A time as the tables keep it: UTC to the microsecond, so that text sorts as time does."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def asking(subject: Subject) -> dict[str, Any]:
    """Who asks, as the parameters with which a statement that holds `visible_sql` is executed."""
    names = {_parameter(level): sorted(subject.names(level)) for level in AUDIENCES}
    unnamed = ["clear"] if subject.organisation is None else ["clear", "green"]
    return {"asked_at": instant(subject.at), "unnamed": unnamed, **names}


def _parameter(level: str) -> str:
    return f"names_{level.replace('+', '_')}"


def visible_sql(things: sa.FromClause = item) -> sa.ColumnElement[bool]:
    """`rule.visible` for each row of `things` (`share_item` or an alias of it), for the subject of the parameters."""
    columns, at = things.c, sa.bindparam("asked_at", type_=sa.Text)
    reached = sa.or_(
        *(
            sa.and_(columns.tlp == level, release.c.name.in_(sa.bindparam(_parameter(level), expanding=True)))
            for level in AUDIENCES
        )
    )
    named = sa.exists().where(release.c.o == columns.o, reached)
    unnamed = columns.tlp.in_(sa.bindparam("unnamed", expanding=True))
    return sa.and_(
        sa.or_(columns.not_before.is_(None), columns.not_before <= at),
        sa.or_(columns.not_after.is_(None), columns.not_after > at),
        sa.or_(sa.and_(columns.listed, named), sa.and_(sa.not_(columns.listed), unnamed)),
    )


def shown_sql(things: sa.FromClause = item) -> sa.ColumnElement[bool]:
    """Whether a thing is visible and can be shown whole: all it cannot do without is visible too.

    A relationship whose end is hidden would tell of the end, and a note about nothing visible would be invalid STIX:
    both are left out. A thing that is not held here counts as hidden, so that the two cannot be told apart.
    """
    mine = reference.c.o == things.c.o
    end = item.alias("referred")
    seen = sa.exists().where(end.c.id == reference.c.ref, visible_sql(end))
    needed = sa.exists().where(mine, reference.c.need == "each", sa.not_(seen))
    some = sa.exists().where(mine, reference.c.need == "some")
    some_seen = sa.exists().where(mine, reference.c.need == "some", seen)
    return sa.and_(visible_sql(things), sa.not_(needed), sa.or_(sa.not_(some), some_seen))
