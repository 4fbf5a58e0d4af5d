"""The documentation is what the commands say of themselves, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.cli.reference import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md")]


def test_the_command_reference_is_up_to_date() -> None:
    assert (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8") == reference(), "run: make docs"


def test_the_reference_names_everything_as_it_is_typed_and_says_what_it_is() -> None:
    page = reference()
    described = re.findall(r"^\* `(.*?)`: ?(.*)$", page, re.MULTILINE)
    assert all(re.fullmatch(r"--[a-z-]+|[A-Z]+", name) and says for name, says in described)
    backtest = page.partition("## tocsin backtest\n")[2].partition("\n## ")[0]
    assert "* `--from`: The first day scored" in backtest
    assert "* `--to`: Whom it is releasable to" in page.partition("## tocsin publish\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
