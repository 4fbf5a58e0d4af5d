"""The pages in a real browser: with and without script, on a telephone, from the keyboard, without network."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from tests.web.conftest import ATTACK, sample_app, store
from tocsin.records import Article, Warning
from tocsin.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning"),  # of the browser's driver, not ours
]
__all__ = ["store"]  # the fixture of the sample workspace


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(sample_app(store), port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield opened
        opened.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose every request beyond the server, and every complaint of the browser, is a fault."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    opened.on("request", lambda asked: None if asked.url.startswith(address) else faults.append(asked.url))
    yield opened
    context.close()
    assert faults == []


def test_from_the_overview_down_to_the_words(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Taiwan Strait", exact=True).click()
    assert page.locator("h1").inner_text().startswith("Taiwan Strait")
    page.get_by_role("link", name="Surge: Aircraft reported around Taiwan").first.click()
    page.get_by_role("link", name="MOBILIZE").first.click()
    page.locator("blockquote a").first.click()
    assert "#event-" in page.url
    marked = page.locator("mark.quote").first
    assert marked.is_visible()
    assert "drills" in page.locator(".body").inner_text()


def test_lists_are_narrowed_by_a_form(page: Page) -> None:
    page.goto("/events")
    page.get_by_label("Type").select_option("ACCUSE")
    page.get_by_label("Words").fill("irrational")
    page.get_by_role("button", name="Show").click()
    assert page.locator("table.events tbody tr").count() == 4
    assert page.get_by_label("Type").input_value() == "ACCUSE"


def test_the_search_field_searches(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("國防部")
    page.get_by_role("searchbox").press("Enter")
    assert page.locator("ul.articles li").count() == 4


def test_an_attack_is_only_text(page: Page, store: Store) -> None:
    evil = next(article for article in store.select(Article) if article.title == ATTACK)
    page.goto(f"/articles/{evil.id}")
    assert page.locator("h1").inner_text() == ATTACK
    assert page.locator("main img").count() == 0


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/watches/taiwan-strait")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/watches/taiwan-strait#main")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("path", ["/", "/watches/taiwan-strait", "/events", "/warnings", "/reading"])
def test_a_telephone_does_not_scroll_sideways(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 375, "height": 700})
    opened = context.new_page()
    opened.goto(path)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, address: str, store: Store, scheme: str) -> None:
    """Every text meets the contrast of WCAG 2.2, 1.4.3: 4.5 to 1."""
    context = browser.new_context(base_url=address, color_scheme="dark" if scheme == "dark" else "light")
    opened = context.new_page()
    warning = next(iter(store.select(Warning)))
    article = next(iter(store.select(Article)))
    for path in ("/", "/watches/taiwan-strait", f"/warnings/{warning.id}", f"/articles/{article.id}", "/reading"):
        opened.goto(path)
        assert opened.evaluate(CONTRAST) == [], path
    context.close()


CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const bright = ([r, g, b]) => {
    const part = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faults = new Set();
  for (const node of document.querySelectorAll("body *:not(svg *)")) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.matches(".unseen, .skip")) continue;
    const [a, b] = [bright(parse(getComputedStyle(node).color)), bright(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faults.add(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return [...faults];
}"""
