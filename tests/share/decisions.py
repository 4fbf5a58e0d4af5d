"""What the rule must say, case by case, as TLP 2.0 and the house define it: what every mutant must fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tocsin.share.rule import Marking, Subject

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)

NOBODY = Subject(at=NOON)
JANE = Subject(
    at=NOON,
    person="jane",
    organisation="navy",
    providers=frozenset({"institute"}),
    communities=frozenset({"coastal-watch"}),
)
OMAR = Subject(at=NOON, person="omar", organisation="harbour")


@dataclass(frozen=True)
class Thing:
    """A thing with nothing but a marking."""

    marking: Marking | None


def marked(tlp: str, *names: str, **more: datetime) -> Marking:
    """A marking with a list of names."""
    return Marking(tlp=tlp, releasable_to=frozenset(names), **more)


def unlisted(tlp: str, **more: datetime) -> Marking:
    """A marking that names nobody."""
    return Marking(tlp=tlp, **more)


PERSON, ORG, PROVIDER, GROUP = "person:jane", "org:navy", "org:institute", "group:coastal-watch"
REACHES = {
    "red": {PERSON},
    "amber+strict": {PERSON, ORG},
    "amber": {PERSON, ORG, PROVIDER},
    "green": {PERSON, ORG, PROVIDER, GROUP},
    "clear": {PERSON, ORG, PROVIDER, GROUP},
}

Case = tuple[str, Subject, Marking | None, bool]

DECISIONS: list[Case] = [
    ("unmarked is seen by nobody", JANE, None, False),
    ("an unknown level is seen by nobody", JANE, unlisted("white"), False),
    ("an unknown level is seen by nobody, named or not", JANE, marked("secret", PERSON, ORG, GROUP), False),
    ("levels are spelt as they are spelt", JANE, unlisted("CLEAR"), False),
    ("clear is for everybody", NOBODY, unlisted("clear"), True),
    ("clear is for everybody with a name", JANE, unlisted("clear"), True),
    ("green is for those who are known", JANE, unlisted("green"), True),
    ("green is for those who are known, in a community or not", OMAR, unlisted("green"), True),
    ("green is not for nobody", NOBODY, unlisted("green"), False),
    ("amber without names is for nobody", JANE, unlisted("amber"), False),
    ("amber+strict without names is for nobody", JANE, unlisted("amber+strict"), False),
    ("red without names is for nobody", JANE, unlisted("red"), False),
    *(
        (
            f"{tlp} given to {name} {'reaches' if name in reached else 'does not reach'} jane",
            JANE,
            marked(tlp, name),
            name in reached,
        )
        for tlp, reached in REACHES.items()
        for name in (PERSON, ORG, PROVIDER, GROUP)
    ),
    *(
        (f"{tlp} given to others does not reach omar", OMAR, marked(tlp, PERSON, ORG, PROVIDER, GROUP), False)
        for tlp in REACHES
    ),
    *((f"{tlp} given to somebody does not reach nobody", NOBODY, marked(tlp, PERSON, ORG), False) for tlp in REACHES),
    *((f"{tlp} given to an empty list is for nobody", JANE, marked(tlp), False) for tlp in REACHES),
    ("one name among many is enough", JANE, marked("amber", "org:x", ORG, "org:y"), True),
    ("a person is not an organisation of that name", JANE, marked("amber", "org:jane"), False),
    ("an organisation is not a person of that name", JANE, marked("amber", "person:navy"), False),
    ("a community is not an organisation of that name", JANE, marked("green", "org:coastal-watch"), False),
    ("a name without its kind is nobody's", JANE, marked("clear", "jane", "navy"), False),
    ("before the embargo ends it is not seen", JANE, unlisted("clear", not_before=NOON + A_SECOND), False),
    ("at the moment the embargo ends it is seen", JANE, unlisted("clear", not_before=NOON), True),
    ("after the embargo it is seen", JANE, unlisted("clear", not_before=NOON - A_SECOND), True),
    ("before its end it is seen", JANE, unlisted("clear", not_after=NOON + A_SECOND), True),
    ("at its end it is not seen", JANE, unlisted("clear", not_after=NOON), False),
    ("after its end it is not seen", JANE, unlisted("clear", not_after=NOON - A_SECOND), False),
    ("an embargo binds those who are named", JANE, marked("amber", ORG, not_before=NOON + A_SECOND), False),
    ("an end binds those who are named", JANE, marked("amber", ORG, not_after=NOON), False),
]


def failures(visible: Callable[[Subject, Thing], bool]) -> list[str]:
    """The cases in which a rule decides otherwise than it must, or breaks."""
    wrong = []
    for name, subject, marking, expected in DECISIONS:
        try:
            said = visible(subject, Thing(marking))
        except Exception as error:  # noqa: BLE001 - a rule that breaks is as wrong as one that lies
            wrong.append(f"{name}: {error!r}")
            continue
        if said is not expected:
            wrong.append(name)
    return wrong
