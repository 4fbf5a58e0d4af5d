"""One line in, its answer out, in order; a line that cannot be answered says so in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.cli import jsonl
from tocsin.cli.jsonl import Line, answer_lines, text_of


def echo(line: Line) -> Iterator[Line]:
    yield {"id": line.get("id"), "text": text_of(line, "text", required=True)}


def answers(path: Path, content: bytes, capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, list[Line]]:
    path.write_bytes(content)
    status = answer_lines(str(path), echo)
    return status, [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_answers_come_in_the_order_of_the_lines(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    content = b'{"id":1,"text":"a"}\n\n{"id":"two","text":"\xe5\x8f\xb0"}'
    status, lines = answers(tmp_path / "in", content, capfdbinary)
    assert status == 0
    assert lines == [{"id": 1, "text": "a"}, {"id": "two", "text": "台"}]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b'{"id":7,"text"', "not JSON"),
        (b"[1,2]", "a JSON object is expected, not list"),
        (b'{"id":7}', "'text' is missing"),
        (b'{"id":7,"text":5}', "'text' must be text, not int"),
        (b'{"id":7,"text":"\xff"}', "not UTF-8"),
        (b"\x00\x01\x02", "not JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"id":NaN,"text":"a"}', "NaN is not JSON"),
        (b'{"id":1e999,"text":"a"}', "too large"),
        (b'{"id":' + b"9" * 5000 + b',"text":"a"}', "5,000 digits"),
    ],
)
def test_a_wrong_line_gives_an_error_in_its_place_and_the_others_are_answered(
    wrong: bytes, said: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    status, lines = answers(tmp_path / "in", b'{"id":1,"text":"a"}\n' + wrong + b'\n{"id":2,"text":"b"}\n', capfdbinary)
    assert status == 1
    assert [line["id"] for line in (lines[0], lines[2])] == [1, 2]
    assert said in lines[1]["error"]
    assert lines[1]["error"].startswith("line 2: ")


def test_a_line_too_long_to_hold_is_refused_unread_and_the_next_is_answered(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 1024)
    long = b'{"id":1,"text":"' + b"x" * 5000 + b'"}\n'
    status, lines = answers(tmp_path / "in", long + b'{"id":2,"text":"b"}\n', capfdbinary)
    assert status == 1
    assert "longer than" in lines[0]["error"]
    assert lines[1] == {"id": 2, "text": "b"}


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, lines = answers(tmp_path / "in", b'\xef\xbb\xbf{"id":1,"text":"a"}\n', capfdbinary)
    assert (status, lines) == (0, [{"id": 1, "text": "a"}])


def test_half_a_character_pair_is_printed_rather_than_raised(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    status, lines = answers(tmp_path / "in", b'{"id":1,"text":"\\ud83d"}\n', capfdbinary)
    assert status == 0
    assert lines[0]["id"] == 1
