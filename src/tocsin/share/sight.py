"""What one person of the house may see of the store's records: the rule of access for pages that show them.

Partners read what is on the shelf. The desk's own pages show the store, in which hardly anything is marked: what nobody
has marked is for the organisation that runs the node, and for nobody else (`house`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from tocsin.share.database import Database
from tocsin.share.handling import whole
from tocsin.share.rule import Marking, Subject, visible
from tocsin.share.tables import record_marking


def house(home: str) -> Marking:
    """The marking of records that nobody has marked."""
    return Marking(tlp="amber+strict", releasable_to=frozenset({f"org:{home}"}))


@dataclass(frozen=True)
class Sight:
    """The rule for one subject: `marked` holds, by id, what somebody has marked; `unmarked` is for the rest."""

    subject: Subject
    marked: Mapping[str, Marking]
    unmarked: Marking

    def marking(self, record: str) -> Marking:
        """The record's own marking."""
        return self.marked.get(record, self.unmarked)

    def sees(self, markings: Iterable[Marking]) -> bool:
        """Whether the subject may see what rests on things so marked: whoever sees all of them, and nobody else."""
        return all(visible(self.subject, whole(marking)) for marking in markings)

    @property
    def everything(self) -> bool:
        """Whether nothing in the store is hidden: the rule need not be asked for each record."""
        return self.sees([self.unmarked, *self.marked.values()])

    @property
    def name(self) -> str:
        """The same for all who see the same: what is worked out for one may be shown to the other."""
        if self.everything:
            return ""
        hidden = sorted(id for id, marking in self.marked.items() if not self.sees([marking]))
        said = f"{self.subject.person} {self.sees([self.unmarked])} {len(self.marked)} {hidden}"
        return hashlib.sha256(said.encode()).hexdigest()[:20]


def sight_of(database: Database, home: str, subject: Subject) -> Sight:
    """What `subject` may see of the store, as things are marked now."""
    with database.reading() as connection:
        rows = connection.execute(sa.select(record_marking.c.record, record_marking.c.marking)).all()
    return Sight(subject, {record: _marking(said) for record, said in rows}, house(home))


@lru_cache(maxsize=1000)
def _marking(said: str) -> Marking:
    return Marking.model_validate_json(said)
