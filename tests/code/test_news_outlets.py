"""News outlets and social networks: nobody where they report, somebody where they are shut, raided or sue."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import code_text

ON = date(2025, 5, 1)


def sides(text: str, headline: bool = False) -> list[tuple[list[str], list[str]]]:
    """Source and target of each event, each actor as `QAT MED`."""
    events = code_text(text, on=ON, headline=headline).events
    return [
        ([f"{a.country} {a.sector}" for a in e.source], [f"{a.country} {a.sector}" for a in e.target]) for e in events
    ]


@pytest.mark.parametrize(
    ("text", "headline", "source", "target"),
    [
        ("Israel shuts down Al Jazeera office in Jerusalem", True, ["ISR GOV"], ["QAT MED"]),
        ("Russian police raided the offices of Novaya Gazeta on Monday.", False, ["RUS COP"], ["RUS MED"]),
        ("The Taliban expelled two Al Jazeera journalists from Kabul.", False, ["AFG GOV"], ["QAT MED"]),
        ("Russia blocks Facebook and Twitter", True, ["RUS GOV"], ["USA BUS", "USA BUS"]),
        ("Trump sues the New York Times", True, ["USA GOV"], ["USA MED"]),
        ("Hungary closed the radio station Klubradio.", False, ["HUN GOV"], ["HUN MED"]),
    ],
)
def test_an_outlet_that_suffers_something_is_its_target(
    text: str, headline: bool, source: list[str], target: list[str]
) -> None:
    assert sides(text, headline) == [(source, target)]


@pytest.mark.parametrize(
    "text",
    [
        "Zelensky told the BBC that Russia had attacked Kharkiv.",
        "Russia attacked Kharkiv, according to Reuters.",
        "Reuters reported that Russia had attacked Kharkiv.",
        "Russia attacked Kharkiv, Zelensky wrote on Telegram.",
        "In an interview with CNN on Monday Zelensky said that Russia had attacked Kharkiv.",
    ],
)
def test_an_outlet_that_reports_or_is_told_is_nobody(text: str) -> None:
    told = sides(text)
    assert told
    assert all(not one.startswith(("GBR", "USA", "ARE")) for source, target in told for one in source + target)
