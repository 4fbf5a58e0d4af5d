"""The coder held against gold that others made."""

from __future__ import annotations

import json

import pytest

from tocsin.code.outside import OutsideError, petrarch, plover_of, plv, render


def lines(*rows: dict[str, object]) -> list[str]:
    return [json.dumps(row) for row in rows]


def test_any_event_of_a_sentence_counts_and_yield_is_concede_or_retreat() -> None:
    found = plv(
        lines(
            {"text": "France condemned Iran over the arrests.", "type": "ACCUSE"},
            {"text": "Poland withdrew its troops from Iraq.", "type": "YIELD"},
            {"text": "France condemned Iran.", "type": "AID"},
        )
    )
    assert (found.by_type["ACCUSE"].right, found.by_type["YIELD"].right) == (1, 1)
    assert (found.by_type["AID"].missed, found.by_type["ACCUSE"].wrong) == (1, 1)
    assert found.macro_type == pytest.approx((2 / 3 + 1 + 0) / 3)


def test_cameo_triples_count_where_both_countries_exist() -> None:
    found = petrarch(
        lines(
            {
                "text": "France condemned Iran.",
                "date": "2024-01-05",
                "gold": [{"source": "FRAGOV", "code": "111", "target": "IRN"}],
            },
            {"text": "Arnor condemned Gondor.", "gold": [{"source": "ARN", "code": "111", "target": "GON"}]},
            {"text": "It rained.", "gold": []},
        )
    )
    assert (found.items, found.placed, found.empty, found.false_alarms) == (3, 1, 1, 0)
    assert found.triple.f1 == found.dyad.f1 == 1
    assert "1 sentences between real countries: triple F1 1.000" in render(found)


def test_a_cameo_code_takes_the_type_of_the_longest_code_above_it() -> None:
    assert (plover_of("111"), plover_of("1821"), plover_of("010"), plover_of("---")) == (
        "ACCUSE",
        "ASSAULT",
        None,
        None,
    )


def test_a_line_of_another_format_is_named() -> None:
    with pytest.raises(OutsideError, match="line 1 has no 'type'"):
        plv(lines({"text": "x"}))
    with pytest.raises(OutsideError, match="line 1 is not a JSON object"):
        petrarch(["nonsense"])
