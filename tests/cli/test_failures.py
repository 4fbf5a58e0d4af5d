"""What a user can do wrong is told in one sentence on standard error, with a stable status and no traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Finished, Tocsin

BATCH = ["code", "bulletin", "group"]


def one_sentence(done: Finished, status: int = 2) -> str:
    assert done.status == status, (done.out, done.err)
    assert "Traceback" not in done.err
    lines = [line for line in done.err.splitlines() if line]
    assert len(lines) == 1, done.err
    return lines[0]


@pytest.mark.parametrize("command", [*BATCH, "replay", "forecast", "read"])
def test_a_file_that_is_not_there(tocsin: Tocsin, command: str) -> None:
    said = one_sentence(tocsin(command, "/no/such/file"))
    assert "/no/such/file" in said
    assert "no such file" in said


@pytest.mark.parametrize("command", [*BATCH, "replay", "forecast", "read"])
def test_an_empty_file_gives_nothing_or_says_so(tocsin: Tocsin, tmp_path: Path, command: str) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    done = tocsin(command, empty)
    assert "Traceback" not in done.err
    assert done.out == ""
    assert done.status == 0 if command in BATCH else done.status in {0, 1, 2}


@pytest.mark.parametrize("command", BATCH)
def test_rubbish_is_answered_line_by_line(tocsin: Tocsin, tmp_path: Path, command: str) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(bytes(range(256)) * 4 + b'\n{"id": 1, "text": \n[]\nnull\n{"id":2,"text":"\\u0000 x"}\n')
    done = tocsin(command, rubbish)
    assert done.status == 1
    assert "Traceback" not in done.err
    assert all("id" in line for line in done.lines)


@pytest.mark.parametrize("command", ["replay", "forecast"])
@pytest.mark.parametrize(
    "text",
    ["\x00\x01\x02", "date,value\n2023-13-45,5\n", "date,value\n2023-01-01,lots\n", "a,b\n1,2\n", "date,value\n"],
)
def test_a_series_that_is_none(tocsin: Tocsin, command: str, text: str) -> None:
    done = tocsin(command, "-", stdin=text)
    assert "Traceback" not in done.err
    assert "should not happen" not in done.err


def test_a_series_of_another_encoding_is_told_with_its_name(tocsin: Tocsin, tmp_path: Path) -> None:
    path = tmp_path / "barges.csv"
    path.write_bytes("date,value\n2023-01-01,5\n".encode("utf-16"))
    assert f"{path}, line 1: not UTF-8" in one_sentence(tocsin("replay", path))


def test_a_forecast_that_cannot_be_made_names_the_lines_that_could_not_be_read(tocsin: Tocsin) -> None:
    done = tocsin("forecast", "-", stdin='date,value\n2023-01-01,"1,004"\n2023-01-02,"1,007"\n')
    assert done.status == 2
    first, second, last = done.err.splitlines()
    assert "line 2: value '1,004' has a mark for thousands" in first
    assert "line 3: " in second
    assert "0 days with a value" in last


def test_no_workspace(tocsin: Tocsin, tmp_path: Path) -> None:
    for command in ("run", "warnings", "serve"):
        assert "tocsin init" in one_sentence(tocsin(command, "-w", tmp_path))


def test_a_day_to_come_is_no_day_to_stand_on(tocsin: Tocsin, tmp_path: Path) -> None:
    assert tocsin("init", tmp_path, "--watch", "korea").status == 0
    with (tmp_path / "tocsin.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\nname = "letters"\nkind = "folder"\npath = "watches"\n')
    assert "--as-of 2999-01-01 is a day to come" in one_sentence(tocsin("run", "-w", tmp_path, "--as-of", "2999-01-01"))
    assert not (tmp_path / "tocsin.db").exists()


def test_an_unknown_option_is_told_with_the_nearest_right_one(tocsin: Tocsin) -> None:
    assert "Did you mean --horizon" in one_sentence(tocsin("forecast", "x.csv", "--horizn", "3"))


def test_an_unknown_id(tocsin: Tocsin, demo: Path) -> None:
    assert "nothing here is called" in one_sentence(tocsin("show", "warning-ffffffffffffffffffff", "-w", demo))


def test_a_wrong_watch_is_told_with_file_and_line(tocsin: Tocsin, tmp_path: Path) -> None:
    assert tocsin("init", tmp_path, "--watch", "ukraine").status == 0
    path = tmp_path / "watches" / "ukraine.toml"
    path.write_text(path.read_text().replace("type = ASSAULT", "typ = ASSAULT"))
    said = one_sentence(tocsin("run", "-w", tmp_path))
    assert "ukraine.toml, line" in said


def test_the_doctor_finds_the_source_that_a_run_would_refuse(tocsin: Tocsin, tmp_path: Path) -> None:
    assert tocsin("init", tmp_path, "--watch", "ukraine").status == 0
    assert tocsin("doctor", "-w", tmp_path).status == 0
    with (tmp_path / "tocsin.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\nname = "wire"\nkind = "feed"\nurl = "https://wire.example/feed"\norganisation = "me"\n')
    found = tocsin("doctor", "-w", tmp_path)
    assert found.status == 2
    assert "wrong  source: source 'wire': does not know 'organisation'" in found.out
    assert "does not know 'organisation'" in one_sentence(tocsin("run", "-w", tmp_path))


def test_a_wrong_outlet_of_the_workspace_is_told_with_its_file(tocsin: Tocsin, tmp_path: Path) -> None:
    assert tocsin("init", tmp_path, "--watch", "ukraine").status == 0
    with (tmp_path / "tocsin.toml").open("a", encoding="utf-8") as file:
        file.write('[[source]]\nname = "letters"\nkind = "folder"\npath = "."\n')
    own = tmp_path / "outlets" / "own.toml"
    own.parent.mkdir()
    own.write_text('[[outlet]]\nname = "Nowhere Gazette"\ndomains = ["gazette.example"]\n')
    assert tocsin("doctor", "-w", tmp_path).status == 0
    own.write_text('[[outlet]]\nnom = "Nowhere Gazette"\n')
    assert "wrong  outlets: " in tocsin("doctor", "-w", tmp_path).out
    assert "own.toml, outlet 'without a name': " in one_sentence(tocsin("run", "-w", tmp_path))


def test_two_runs_at_once(tocsin: Tocsin, demo: Path, tmp_path: Path) -> None:
    from tocsin.store import open_store

    root = tmp_path / "desk"
    shutil.copytree(demo, root)
    store = open_store(root / "tocsin.db")
    with store.exclusive():
        one_sentence(tocsin("run", "-w", root))
    store.close()
    assert tocsin("run", "-w", root).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_workspace_that_may_not_be_written(tocsin: Tocsin, demo: Path, tmp_path: Path) -> None:
    root = tmp_path / "desk"
    shutil.copytree(demo, root)
    root.chmod(0o500)
    (root / "tocsin.db").chmod(0o400)
    try:
        one_sentence(tocsin("run", "-w", root))
    finally:
        root.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tocsin", "code", "-"],
            input=b'{"id":1,"text":"China ended its drills around Taiwan."}\n' * 2000,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"no space left" in done.stderr


def test_interrupted_it_keeps_what_it_has_and_the_next_run_finishes(tocsin: Tocsin, demo: Path, tmp_path: Path) -> None:
    root = tmp_path / "desk"
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "demo", str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not (root / "tocsin.db").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert process.returncode in {0, 130}
    assert tocsin("demo", root).status == 0
    whole = {line["id"]: line for line in tocsin("warnings", "-w", demo, "--json").lines}
    again = {line["id"]: line for line in tocsin("warnings", "-w", root, "--json").lines}
    assert whole.keys() == again.keys()


def test_help_has_an_example_for_every_command(tocsin: Tocsin) -> None:
    from tocsin.cli.app import app
    from tocsin.cli.reference import commands

    found = dict(commands(app))
    assert len(found) >= 25
    for name, one in found.items():
        assert f"tocsin {name}" in one.help, f"{name} has no example in its help"
