"""The command line as a user has it: a process of its own, and one demo workspace for all who only look at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Finished:
    """What a command left: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Tocsin = Callable[..., Finished]


def run_tocsin(*arguments: object, stdin: str | bytes = "", cwd: Path | None = None, timeout: float = 280) -> Finished:
    """Run `tocsin` with `arguments` and wait for it."""
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", *(str(argument) for argument in arguments)],
        input=given,
        capture_output=True,
        cwd=cwd,
        timeout=timeout,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def tocsin() -> Tocsin:
    return run_tocsin


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workspace after one run. Tests only look at it."""
    root = tmp_path_factory.mktemp("demo") / "workspace"
    done = run_tocsin("demo", root, "--json")
    assert done.status == 0, done.err
    return root
