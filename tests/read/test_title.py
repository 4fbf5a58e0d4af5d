"""Titles lose the name of the site that pages add to them, and nothing that the headline says."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from tocsin.read import read
from tocsin.records import Page

SAID = "The coast guard of Arden said on Friday that it had turned back a survey ship east of Holm. " * 4
OG, LD, TITLE = (
    '<meta property="og:title" content="{}">',
    '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{}"}}</script>',
    "<title>{}</title>",
)


def title(head: str, body: str = "", url: str = "https://www.holmpost.example/a") -> str:
    html = f"<html lang=en><head>{head}</head><body><article>{body}<p>{SAID}</p></article></body></html>".encode()
    digest = hashlib.sha256(html).hexdigest()
    page = Page(
        url=url, fetched=datetime(2024, 3, 6, tzinfo=UTC), sha256=digest, media_type="text/html", body=html
    )  # fmt: skip
    return read(page)[0].title


@pytest.mark.parametrize("stated", [OG, LD])
@pytest.mark.parametrize(
    "headline",
    [
        "Two drones fell near Holm – state radio",
        "Cutters to stay in the strait - source",
        "Ferries will sail again - but not yet",
        "Survey ship left on Monday – Navy",
        "Holm : les ferries repartent",
        "Patrols resume | analysis",
    ],
)
def test_who_says_a_headline_and_how_far_it_goes_stays(stated: str, headline: str) -> None:
    assert title(stated.format(headline) + TITLE.format(f"{headline} | Holm Post")) == headline


@pytest.mark.parametrize(
    "head",
    [
        OG.format("Survey ship turned back - Holm Post"),
        OG.format("Survey ship turned back | HolmPost.example"),
        OG.format("Survey ship turned back – The Gazette") + '<meta property="og:site_name" content="Holm Gazette">',
        LD.format("Survey ship turned back | Gazette") + '<meta property="og:site_name" content="Gazette">',
        TITLE.format("Survey ship turned back - Gazette"),
        TITLE.format("Holm Post - Survey ship turned back"),
    ],
)
def test_the_name_of_the_site_goes(head: str) -> None:
    assert title(head) == "Survey ship turned back"


@pytest.mark.parametrize(
    "headline",
    ["Survey ship will be let go - for now", "Storm in Holm : les ferries repartent", "Drone fell – state radio"],
)
def test_in_a_pages_title_too_only_a_name_goes(headline: str) -> None:
    assert title(TITLE.format(headline)) == headline


def test_initials_name_a_site() -> None:
    assert title(OG.format("Survey ship turned back - Holm Daily Letter"), url="https://hdl.example/a") == (
        "Survey ship turned back"
    )


def test_a_heading_that_names_the_site_is_no_headline() -> None:
    assert title(TITLE.format("The Holm Post - Survey ship turned back"), "<h1>The Holm Post</h1>") == (
        "Survey ship turned back"
    )
