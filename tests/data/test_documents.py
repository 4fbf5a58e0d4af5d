"""What bytes are: their encoding, and the first element that tells a feed from a page. All texts are invented."""

from __future__ import annotations

import pytest

from tocsin.data.charset import text_of
from tocsin.data.root import local, root_of

TEXTS = {
    "cp1251": "Портовая администрация закрыла северный канал для танкеров.",
    "koi8-r": "Портовая администрация закрыла северный канал для танкеров.",
    "big5": "港務局星期二宣布，北航道將對油輪關閉兩週，直到浮標修復為止。",
    "gb18030": "港务局星期二宣布，北航道将对油轮关闭两周，直到浮标修复为止。",
    "shift_jis": "港湾局は火曜日、北側の航路を二週間タンカーに閉鎖すると発表した。",
    "euc-kr": "항만 당국은 화요일 북쪽 항로를 2주간 유조선에 폐쇄한다고 밝혔다.",
    "cp1252": "L'armée a commencé des manœuvres près de la côte, a indiqué le ministère.",
    "cp1250": "Zarząd portu ogłosił we wtorek, że zamknie północny kanał dla zbiornikowców.",
}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("declared", ["utf-8", None])
def test_a_declaration_that_the_bytes_belie_is_not_believed(encoding: str, declared: str | None) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert text_of(f"{body}<p>{TEXTS[encoding]}</p>".encode(encoding)) == f"{body}<p>{TEXTS[encoding]}</p>"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "big5", "gb18030", "shift_jis", "euc-kr"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_latin_1_is_believed_only_of_a_text_written_so(encoding: str, declared: str) -> None:
    body = f'<meta charset="{declared}"><p>{TEXTS[encoding]}</p>'
    assert text_of(body.encode(encoding)) == body


@pytest.mark.parametrize("text", ["Größere Übungen ab März", "La procession créée à Noël, déjà annoncée", "Één fregat"])
def test_a_declared_latin_1_holds_for_western_languages(text: str) -> None:
    assert text_of(text.encode("latin-1"), "text/html; charset=iso-8859-1") == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_wide_encodings_are_found_with_and_without_a_mark(encoding: str) -> None:
    assert text_of("<rss><channel>harbour</channel></rss>".encode(encoding)) == "<rss><channel>harbour</channel></rss>"


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<rss version='2.0'>", "rss"),
        ("\ufeff\n <?xml version='1.0'?>\n<a:feed xmlns:a='x'>", "a:feed"),
        (f"<?xml version='1.0'?><!-- {'licence ' * 2000}<html> --><rss>", "rss"),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rdf:RDF>", "rdf:RDF"),
        ("<br />\n<b>Warning</b>: cannot open the cache\n<?xml version='1.0'?><rss>", "rss"),
        ("<!doctype html><html><body>&lt;?xml ?> <rss>", "html"),
        ("<html><body><pre><?xml version='1.0'?><rss>", "html"),
        ('{"content_text": "<?xml version=\'1.0\'?><rss>"}', ""),
        ("A page about <rss> and <feed>.", ""),
        ("<!-- never closed <rss>", ""),
        ("", ""),
    ],
)
def test_the_root_is_the_first_element_and_nothing_in_the_text(text: str, root: str) -> None:
    assert root_of(text) == root


def test_a_prefix_is_no_part_of_the_name() -> None:
    assert (local("atom:Feed"), local("rss"), local("")) == ("feed", "rss", "")
