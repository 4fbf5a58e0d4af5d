"""What a command says of days, of ids, of peers, and where there is nothing to list."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.cli import main as run
from tocsin.cli.app import check_span
from tocsin.cli.evidence import whole_id
from tocsin.cli.jsonl import emit
from tocsin.config import ConfigError
from tocsin.records import Warning
from tocsin.store import open_store


def warning(opened: date) -> Warning:
    return Warning(
        watch="coast", detector="surge", opened=opened, as_of=opened, title="Surge", summary="More.", confidence="low",
        confidence_reason="1 indicator departed.", departures=(),
    )  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> str:
    """What a command prints, on both channels."""
    with pytest.raises(SystemExit) as ended:
        run([str(word) for word in words])
    told = capsys.readouterr()
    assert ended.value.code == status, told
    return " ".join((told.out + told.err).split())


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    said(capsys, "init", tmp_path / "desk", "--watch", "ukraine")
    return tmp_path / "desk"


def test_a_day_that_is_none_is_told_how_days_are_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("run", "--as-of"), ("export", "events", "--since"), ("backtest", "ukraine", "--from")):
        assert "Write the day as 2023-04-09." in said(capsys, *words, "9.4.2023", "-w", desk, status=2)


def test_a_span_that_ends_before_it_begins_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_span(date(2024, 5, 1), date(2024, 5, 1))
    check_span(date(2024, 5, 1), None)
    span = ("2024-05-02", "2024-05-01")
    for command, first, last in ((("export", "events"), "--since", "--until"), (("backtest", "x"), "--from", "--to")):
        told = said(capsys, *command, first, span[0], last, span[1], "-w", desk, status=2)
        assert f"{first} 2024-05-02 is after {last} 2024-05-01" in told


def test_the_beginning_of_a_warnings_id_will_do_where_only_one_begins_so(tmp_path: Path) -> None:
    made = [warning(date(2024, 1, day)) for day in range(1, 29)]
    store = open_store(str(tmp_path / "s.db"))
    store.put(made)
    assert whole_id(store, made[0].id[:-4]) == made[0].id
    assert whole_id(store, "warning-zz") == "warning-zz"
    assert whole_id(store, "event-12") == "event-12"
    with pytest.raises(ConfigError, match="28 are called warning-…"):
        whole_id(store, "warning-")
    store.close()


def test_a_peer_is_checked_as_a_webhook_is(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    peer = (
        "peer",
        "add",
        "harbour",
        "--key",
        "K",
        "--organisation",
        "harbour.example",
        "--collection",
        "c",
        "-w",
        desk,
    )
    root = ("--root", "https://127.0.0.1/taxii2/share/")
    assert "there is no collection 'coast' here" in said(capsys, *peer, *root, "--local", "coast", status=2)
    said(capsys, "publish", "ukraine", "--tlp", "green", "-w", desk)
    assert "inside a private network" in said(capsys, *peer, *root, "--local", "ukraine", status=2)
    config = desk / "tocsin.toml"
    config.write_text('inside = ["127.0.0.1"]\n' + config.read_text())
    assert "harbour is a peer." in said(capsys, *peer, *root, "--local", "ukraine")
    assert "harbour is changed." in said(capsys, *peer, *root, "--local", "ukraine")
    assert "tocsin peer list shows who there is" in said(capsys, "peer", "remove", "quay", "-w", desk, status=2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("peer", "list"), "No peers."),
        (("peer", "conflicts"), "No conflicts."),
        (("hook", "list"), "No webhooks."),
        (("account", "list"), "No accounts."),
        (("key", "list"), "No keys."),
    ],
)
def test_where_there_is_nothing_to_list_it_is_said(
    desk: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert said(capsys, *words, "-w", desk) == says


def test_a_further_watch_is_taken_along_into_a_workspace_that_is_there(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "caribbean added" in said(capsys, "init", desk, "--watch", "ukraine", "--watch", "caribbean")
    assert "nothing was changed" in said(capsys, "init", desk, "--watch", "caribbean")
    assert "nothing was changed" in said(capsys, "init", desk, status=2)


def test_times_and_durations_are_printed_in_iso_8601(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    emit({"last": datetime(2024, 5, 1, 6, 30, tzinfo=UTC), "gap": timedelta(days=1, hours=2), "day": date(2024, 5, 1)})
    out.buffer.seek(0)
    assert json.loads(out.buffer.read()) == {"last": "2024-05-01T06:30:00Z", "gap": "P1DT2H", "day": "2024-05-01"}


def test_exported_records_are_json_lines_where_they_are_asked_for(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(str(desk / "tocsin.db"))
    store.put([warning(date(2024, 1, 1))])
    store.close()
    assert json.loads(said(capsys, "export", "warnings", "--json", "-w", desk))["watch"] == "coast"
    assert said(capsys, "export", "warnings", "-w", desk).startswith("id,watch,")
