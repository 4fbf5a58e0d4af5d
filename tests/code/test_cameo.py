"""Export to CAMEO."""

from __future__ import annotations

import pytest

from tocsin.code import code_text
from tocsin.code.cameo import COLUMNS, _codes, cameo_of
from tocsin.code.gold import TYPES
from tocsin.code.outside import plover_of
from tocsin.code.themes import modes

ELSEWHERE = {
    ("RETREAT", "resign"): "CONCEDE",
    ("SANCTION", "convict"): "COERCE",
    ("SANCTION", "discontinue"): "COERCE",
    ("ASSAULT", "destroy"): "COERCE",
}
"""Modes whose nearest CAMEO code the published table gives to another PLOVER type."""


def test_every_type_and_every_mode_of_plover_has_a_code() -> None:
    assert {type_ for type_, mode in _codes() if not mode} == TYPES
    listed = {(type_, mode) for type_, known in modes().items() for mode in known}
    assert listed == {key for key in _codes() if key[1]}


def test_a_code_leads_back_to_its_type_by_the_published_table() -> None:
    for (type_, mode), (code, _, _) in _codes().items():
        assert plover_of(code) == ELSEWHERE.get((type_, mode), type_), (type_, mode, code)


def test_goldstein_and_quad_class_agree_in_sign() -> None:
    for type_, mode in _codes():
        found = cameo_of(type_, mode or None)
        assert -10 <= found.goldstein <= 10
        assert (found.goldstein > 0) == (found.quad_class <= 2)
        assert (found.intensity > 0) == (found.quad_class <= 2)


@pytest.mark.parametrize(
    ("type_", "mode", "code", "root", "goldstein", "quad"),
    [
        ("AGREE", None, "030", "03", 4.0, 1),
        ("CONSULT", "visit", "042", "04", 1.9, 1),
        ("AID", None, "070", "07", 7.0, 2),
        ("THREATEN", "territory", "1382", "13", -7.0, 3),
        ("COERCE", "curfew", "1723", "17", -5.0, 4),
        ("ASSAULT", "abduct", "181", "18", -9.0, 4),
    ],
)
def test_what_a_user_of_gdelt_joins_on(
    type_: str, mode: str | None, code: str, root: str, goldstein: float, quad: int
) -> None:
    found = cameo_of(type_, mode)
    assert (found.code, found.root, found.goldstein, found.quad_class) == (code, root, goldstein, quad)


def test_an_unlisted_mode_takes_its_types_code() -> None:
    assert cameo_of("AGREE", "anything").code == "030"


def test_exports_carry_the_codes_as_columns() -> None:
    (event,) = code_text("France condemned Iran.", on=None).events
    assert {name: fill(event) for name, fill in COLUMNS.items()} == {
        "cameo": "111",
        "cameo_root": "11",
        "goldstein": -2.0,
        "quad_class": 3,
        "plover_intensity": -2.0,
    }
