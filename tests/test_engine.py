"""The engine: the same files from every engine, and nothing lost or doubled however often a run is killed."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tocsin.engine import InProcess, OnRay, Pool, Shard, run

SHARDS = [Shard(f"part-{number:03}", number) for number in range(12)]


def squares(number: int) -> pa.Table:
    """A shard's work, slow enough to be killed in the middle of."""
    time.sleep(float(os.environ.get("SHARD_SECONDS", "0")))
    values = list(range(number * 100, number * 100 + 100))
    return pa.table({"value": values, "square": [value * value for value in values]})


def faulty(number: int) -> pa.Table:
    if number == 5:
        raise ValueError("shard 5 cannot be read")
    return squares(number)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_every_shard_becomes_one_file_with_a_marker(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    files = run(squares, SHARDS, tmp_path, progress=lambda name, rows: told.append((name, rows)))
    assert [file.name for file in files] == [f"{shard.name}.parquet" for shard in SHARDS]
    assert told == [(shard.name, 100) for shard in SHARDS]
    assert pq.read_table(files[3]).column("square")[0].as_py() == 300 * 300
    assert all((tmp_path / f"{shard.name}.done").exists() for shard in SHARDS)
    assert len(list(tmp_path.iterdir())) == 2 * len(SHARDS), "no unfinished file is left"


def test_a_second_run_does_nothing_twice(tmp_path: Path) -> None:
    run(squares, SHARDS, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    told: list[str] = []
    run(squares, SHARDS, tmp_path, progress=lambda name, rows: told.append(name))
    assert told == []
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_shard_without_its_marker_is_made_again(tmp_path: Path) -> None:
    run(squares, SHARDS, tmp_path)
    whole = contents(tmp_path)
    (tmp_path / "part-004.done").unlink()
    (tmp_path / "part-004.parquet").write_bytes(b"cut off")
    run(squares, SHARDS, tmp_path)
    assert contents(tmp_path) == whole


@pytest.mark.parametrize("engine", [InProcess(), Pool(2)], ids=["in process", "pool"])
def test_a_failing_shard_stops_the_run_and_keeps_what_is_done(tmp_path: Path, engine: InProcess | Pool) -> None:
    with pytest.raises(ValueError, match="shard 5 cannot be read"):
        run(faulty, SHARDS, tmp_path, engine)
    assert not (tmp_path / "part-005.done").exists()
    assert (tmp_path / "part-000.done").exists()
    run(squares, SHARDS, tmp_path, engine)
    assert len(list(tmp_path.iterdir())) == 2 * len(SHARDS)


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b"])
def test_a_shard_cannot_be_named_outside_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        run(squares, [Shard(name, 1)], tmp_path)


def test_two_shards_cannot_share_a_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two shards have one name"):
        run(squares, [Shard("a", 1), Shard("a", 2)], tmp_path)


def test_a_pool_makes_the_same_files(tmp_path: Path) -> None:
    run(squares, SHARDS, tmp_path / "here")
    run(squares, SHARDS, tmp_path / "pool", Pool(2))
    assert contents(tmp_path / "pool") == contents(tmp_path / "here")


def test_ray_makes_the_same_files(tmp_path: Path) -> None:
    """On loopback, once, small: Ray takes seconds to start. In a process of its own: it leaves sockets to the end."""
    pytest.importorskip("ray", reason="the [ray] extra is not installed")
    run(squares, SHARDS[:4], tmp_path / "here")
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, str(tmp_path / "ray"), "ray", "4"], capture_output=True, timeout=280
    )
    said = ended.stderr.decode()
    if ended.returncode and "timed out during startup" in said:
        pytest.skip("three times this machine was too busy for Ray to start within Ray's own 30 seconds")
    assert ended.returncode == 0, said[-2000:]
    assert contents(tmp_path / "ray") == contents(tmp_path / "here")


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("engine", ["here", "pool"])
def test_kill_minus_nine_loses_and_doubles_nothing(tmp_path: Path, engine: str, kills: int) -> None:
    """A run over all shards is killed at random moments and started again, as a machine that crashes would."""
    run(squares, SHARDS, tmp_path / "whole")
    chance = random.Random(kills)
    killed = 0
    for _ in range(kills):
        child = start(tmp_path / "out", engine)
        time.sleep(chance.uniform(0.1, 2.2))
        killed += child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert killed, "at least one run was killed in the middle"
    last = start(tmp_path / "out", engine)
    assert last.wait(timeout=120) == 0
    left = contents(tmp_path / "out")
    assert {name: digest for name, digest in left.items() if not name.startswith(".")} == contents(tmp_path / "whole")


def test_the_workers_of_a_killed_pool_end(tmp_path: Path) -> None:
    child = start(tmp_path / "out", "pool", seconds="20")
    workers = wait_for(lambda: descendants(child.pid), at_least=2)
    child.kill()
    child.wait()
    wait_for(lambda: [pid for pid in workers if not alive(pid)], at_least=len(workers))


def start(folder: Path, engine: str, seconds: str = "0.15") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, str(folder), engine, str(len(SHARDS))],
        env=os.environ | {"SHARD_SECONDS": seconds},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(look: object, at_least: int, seconds: float = 30) -> list[int]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found: list[int] = look()  # type: ignore[operator]
        if len(found) >= at_least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


def descendants(parent: int) -> list[int]:
    """The processes below `parent`, its forkserver's children among them."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, seek = [], [parent]
    while seek:
        seek = [pid for pid, above in parents.items() if above in seek]
        found += seek
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    # under the test module's own name, so that workers find `squares` by import
    sys.path.insert(0, str(Path(__file__).parent))
    import test_engine

    engines = {"here": InProcess(), "pool": Pool(2), "ray": OnRay(workers=2)}
    run(test_engine.squares, test_engine.SHARDS[: int(sys.argv[3])], Path(sys.argv[1]), engines[sys.argv[2]])
