"""Corrections and retractions are recognised and tied to the report that they amend."""

from __future__ import annotations

import pytest

from tocsin.group import group, withdrawn
from tocsin.group.amendment import amendment
from tocsin.records import Article

TEXT = (
    "Gunmen attacked the depot at Harbin Road on Friday and killed nine guards, the governor's office said in a "
    "statement that was read out to reporters in the afternoon; the road to the port was closed and trains were held."
)


def article(outlet: str, title: str, text: str = TEXT) -> Article:
    return Article(page=outlet + title, outlet=outlet, title=title, text=text)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("CORRECTED-Nine killed at depot", TEXT, "correction"),
        ("Correction: depot attack", TEXT, "correction"),
        ("Nine killed", TEXT + " " * 300 + "An earlier version of this article misstated the number.", "correction"),
        ("更正：倉庫遇襲", "原報導人數有誤。", "correction"),
        ("RETRACTED: Nine killed at depot", TEXT, "retraction"),
        ("Agency withdraws report on depot attack", "The agency has withdrawn a report on an attack.", "retraction"),
        ("撤稿声明", "本社撤回有关仓库的报道。", "retraction"),
        ("Court corrects its ruling", "The court said the ruling stands.", None),
        ("Army retracts from the village", "The army pulled back.", None),
        ("Nine killed at depot", TEXT, None),
    ],
)
def test_what_is_a_correction_and_what_a_retraction(title: str, text: str, expected: str | None) -> None:
    assert amendment(article("Paper", title, text)) == expected


def test_a_retraction_names_the_report_and_takes_its_copies_along() -> None:
    report, copy = article("Port Wire", "Nine killed at depot"), article("Quay Journal", "Nine guards die")
    other = article(
        "Star", "Shots heard at depot", "Neighbours of the Harbin Road depot told the Star they heard shots."
    )
    notice = article("Port Wire", "RETRACTED: Nine killed at depot", "RETRACTED: " + TEXT)
    memberships, _ = group([report, copy, other, notice], outlets={})
    last = {membership.article: membership for membership in memberships}
    assert (last[notice.id].amends, last[notice.id].amendment) == (report.id, "retraction")
    assert withdrawn(memberships) == {report.id: notice.id, copy.id: notice.id}


def test_a_correction_takes_no_weight_away() -> None:
    report = article("Port Wire", "Nine killed at depot")
    notice = article("Port Wire", "CORRECTED-Eight killed at depot", TEXT.replace("nine", "eight"))
    memberships, _ = group([report, notice], outlets={})
    assert memberships[1].amends == report.id
    assert memberships[1].amendment == "correction"
    assert withdrawn(memberships) == {}


TOLL = (
    "The lock at Harbin Road will charge barges a toll of ninety crowns from May, the waterways board decided on "
    "Friday after a vote of seven to two; skippers called the charge a blow to the trade on the northern canal."
)


def test_a_retraction_takes_back_the_report_that_it_names_and_no_other() -> None:
    true, named = (
        article("Port Wire", "Nine killed at depot"),
        article("Port Wire", "Board may close Harbin lock", TOLL),
    )
    later = article("Port Wire", "Funeral held for the guards of the Harbin Road depot", f"{TEXT} They were buried.")
    notice = article(
        "Port Wire",
        "RETRACTED: Board may close Harbin lock",
        "The Port Wire has retracted its report that the waterways board may close the Harbin lock to barges.",
    )
    memberships, _ = group([true, named, later, notice], outlets={})
    assert withdrawn(memberships) == {named.id: notice.id}


def test_a_retraction_of_a_report_that_is_not_there_takes_nothing_back() -> None:
    report = article("Port Wire", "Nine killed at depot on Harbin Road")
    notice = article(
        "Port Wire",
        "RETRACTED: Governor of Harbin Road may resign",
        "The Port Wire has retracted its report that the governor may resign over the guards killed at the depot.",
    )
    memberships, _ = group([report, notice], outlets={})
    assert memberships[0].story == memberships[1].story
    assert (memberships[1].amends, memberships[1].amendment) == (None, None)
    assert withdrawn(memberships) == {}


def test_a_retraction_is_no_copy_of_whoever_quotes_the_report() -> None:
    claim = "the waterways board may close the lock at Harbin Road to barges for a year from the first of May"
    quoting = article("Quay Journal", "Lock may close - Wire", f"It is said that {claim}.")
    notice = article("Port Wire", "RETRACTED: Lock may close", f"The Port Wire has retracted its report that {claim}.")
    last = article("Star", "Lock may close", f"It is said that {claim}.")
    memberships, _ = group([quoting, notice, last], outlets={})
    assert memberships[1].copy_group not in {memberships[0].copy_group, memberships[2].copy_group}
    assert memberships[0].copy_group == memberships[2].copy_group
    assert memberships[1].amends is None
