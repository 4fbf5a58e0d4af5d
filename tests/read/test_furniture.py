"""Lines of a news page that belong to no text."""

from __future__ import annotations

import pytest

from tocsin.read.furniture import is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "This story is for subscribers only.",
        "This content is available only to registered members. Join today for five crowns.",
        "Already a subscriber? Sign in.",
        "Get unlimited access to the Courier on every device",
        "Cancel anytime.",
        "To continue reading, please subscribe",
        "You have reached your limit of free articles.",
        "Contenido exclusivo para suscriptores",
        "Article réservé aux abonnés",
        "Bereits Abonnent? Hier anmelden",
        "本文為會員專屬內容",
    ],
)
def test_what_asks_for_a_subscription_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Unlimited access to the strait is what both navies ask for.",
        "Already a member of the alliance, Norway sent two frigates.",
        "The paper is read by subscribers only in the north.",
    ],
)
def test_a_sentence_of_the_news_is_none(line: str) -> None:
    assert not is_furniture(line)
