"""Export to CAMEO."""

from __future__ import annotations

from tocsin.code.cameo import _codes, cameo_of
from tocsin.code.gold import TYPES
from tocsin.code.themes import modes


def test_every_type_has_a_code_and_every_listed_mode_is_plovers() -> None:
    assert {type_ for type_, mode in _codes() if not mode} == TYPES
    for type_, mode in _codes():
        assert not mode or mode in modes()[type_] or mode == "general"


def test_goldstein_and_quad_class_agree_in_sign() -> None:
    for type_, mode in _codes():
        found = cameo_of(type_, mode or None)
        assert -10 <= found.goldstein <= 10
        assert (found.goldstein > 0) == (found.quad_class <= 2)
        assert (found.intensity > 0) == (found.quad_class <= 2)


def test_an_unlisted_mode_takes_its_types_code() -> None:
    assert cameo_of("AGREE", "anything").code == "030"
    assert cameo_of("ASSAULT", "abduct").code == "181"
