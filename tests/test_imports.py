"""Who may know whom: the rule of the house, read off the imports of every file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tocsin"

PURE = {"read", "code", "group", "measure", "warn", "answer"}
EDGES = {"collect", "store", "share", "web"}
BASE = {"records", "data", "tocsin"}  # "tocsin" itself holds only the version

ALLOWED = (
    {room: BASE | {room} for room in PURE | EDGES}
    | {"web": BASE | {"web", "share", "store.base"}}
    | {"records": set(), "data": {"records", "data"}, "engine": BASE}
    | {"assess": BASE | PURE | {"assess", "store.base"}, "pipeline": BASE | PURE | {"assess", "engine", "store.base"}}
)

SILENT = {"requests", "httpx2", "sqlite3", "sqlalchemy", "socket", "subprocess", "random", "time", "pathlib", "os"}


def room_of(path: Path) -> str:
    """The folder, or the single file, a source file belongs to."""
    relative = path.relative_to(SOURCE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> set[str]:
    """The full names of every module a file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that a reader sees whence"
            found.add(node.module or "")
            if node.module == "tocsin":
                found |= {f"tocsin.{alias.name}" for alias in node.names if not alias.name.startswith("__")}
    return found


# Run by hand or once at load, never by the stage: they read gold files, write weights, check a model's hash, resample.
WORKBENCH = {"evaluate.py", "gold.py", "train.py", "train_roles.py", "train_choosing.py", "model_files.py"}

FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_what_it_may_know(path: Path) -> None:
    allowed = ALLOWED.get(room_of(path))
    if allowed is None:
        return
    for name in imports(path):
        if name == "tocsin" or not name.startswith("tocsin."):
            continue
        inside = name.removeprefix("tocsin.")
        assert any(inside == known or inside.startswith(known + ".") for known in allowed), (
            f"{path.relative_to(SOURCE)} may not know {name}"
        )


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if room_of(path) in PURE and path.name not in WORKBENCH],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_a_stage_has_no_clock_no_chance_and_no_input_or_output(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & SILENT


def test_only_records_and_the_standard_library_with_pydantic_stand_at_the_bottom() -> None:
    outside = {name.split(".")[0] for name in imports(SOURCE / "records.py")}
    assert outside <= {"__future__", "collections", "hashlib", "json", "datetime", "typing", "pydantic"}


@pytest.mark.parametrize("room", sorted(PURE | EDGES))
def test_every_room_has_one_door_that_says_what_it_exports(room: str) -> None:
    tree = ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{room} does not say what it is for"


def test_the_flow_fits_on_a_screen() -> None:
    lines = (SOURCE / "pipeline.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
