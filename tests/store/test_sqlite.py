"""A store in a file: whatever is wrong with the file, the user gets one sentence and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.contract.samples import a_page, an_article, an_event, an_observation
from tocsin.records import Article, Event, Observation, Page
from tocsin.store import FILE_NAME, Select, StoreError, open_store
from tocsin.store.migrate import revisions
from tocsin.store.sqlite import PATIENCE, _connect
from tocsin.store.tables import metadata

DAY = date(2023, 4, 8)


def one_sentence(error: pytest.ExceptionInfo[StoreError]) -> str:
    words = str(error.value)
    assert "\n" not in words
    assert words.endswith(".")
    return words


def test_a_folder_holds_its_store_under_the_usual_name(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    assert (tmp_path / FILE_NAME).is_file()


def test_reading_only_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(tmp_path / "none.db", readonly=True)
    assert "There is no store at" in one_sentence(error)
    assert list(tmp_path.iterdir()) == []


def test_reading_only_does_not_write(tmp_path: Path) -> None:
    open_store(tmp_path).put([an_event()])
    store = open_store(tmp_path, readonly=True)
    assert store.count(Event) == 1
    with pytest.raises(StoreError) as error:
        store.put([an_event(DAY + timedelta(days=1))])
    assert "read only" in one_sentence(error)


@pytest.mark.parametrize("content", [b"hello, this is a letter\n" * 400, b"\x00" * 4096], ids=["text", "zeros"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as error:
        open_store(path)
    assert "is not a tocsin store" in one_sentence(error)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE things (name TEXT)")
    other.close()
    with pytest.raises(StoreError) as error:
        open_store(path)
    assert "the database of another program" in one_sentence(error)


def test_the_database_of_a_newer_tocsin_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as newer:
        newer.execute("UPDATE tocsin_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(StoreError) as error:
        open_store(tmp_path)
    assert "was made by a newer tocsin (schema 9999" in one_sentence(error)


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put(an_article(f"Title {number}", "word " * 200) for number in range(300))
    store.close()
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:-4096] = os.urandom(len(content) - 8192 - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError) as error:
        sum(1 for _ in open_store(path).select(Article))
    assert "restore it from a backup" in one_sentence(error)


def test_a_record_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    open_store(tmp_path).put([an_event()])
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("""UPDATE record SET payload = '{"kind": "something else"}'""")
    file.close()
    with pytest.raises(StoreError) as error:
        list(open_store(tmp_path).select(Event))
    assert "holds a event that this version of tocsin cannot read" in one_sentence(error)


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(tmp_path / "no" / "such" / "folder.db")
    assert "check that its folder exists" in one_sentence(error)
    with pytest.raises(StoreError) as error:
        open_store("mysql://localhost/tocsin")
    assert "not in mysql" in one_sentence(error)


def test_a_full_disk_stores_nothing_of_the_step(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    article = an_article()
    store.put([article])
    with store._database.engine.connect() as connection:  # type: ignore[attr-defined]
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 40}")
    with pytest.raises(StoreError) as error:
        store.finish("code", [article], (an_article(f"Title {n}", os.urandom(4000).hex()) for n in range(200)))
    assert "The disk is full" in one_sentence(error)
    assert store.count(Article) == 1
    assert store.pending("code", Article, 9) == [article]


@pytest.mark.skipif(os.getuid() != 0, reason="needs a second user to be without rights")
def test_a_workspace_that_may_only_be_read_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _read_as_a_stranger(Path(folder))


def _read_as_a_stranger(folder: Path) -> None:
    store = open_store(folder)
    store.put([an_event()])
    store.close()
    program = """
import os, sys
from tocsin.records import Event
from tocsin.store import StoreError, open_store
path = sys.argv[1]
open_store(path).close()  # everything is imported while that is still allowed
os.chdir(path)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(open_store(".", readonly=True).count(Event))
for attempt in (lambda: open_store(".").put([]), lambda: open_store(".", readonly=True).exclusive().__enter__()):
    try:
        attempt()
        print("written")
    except StoreError as error:
        print(error)
"""
    for file in folder.iterdir():
        file.chmod(0o644)
    (folder / f"{FILE_NAME}.lock").touch(0o644)
    folder.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, timeout=60, check=False
    )
    count, *refused = ran.stdout.splitlines() or [ran.stderr]
    assert count == "1"
    assert len(refused) == 2
    assert all("cannot be written" in words for words in refused), refused


def test_a_writer_waits_for_another(tmp_path: Path) -> None:
    stores = [open_store(tmp_path) for _ in range(4)]

    def write(worker: int) -> None:
        for step in range(15):
            stores[worker].put([an_observation(DAY, field=f"field-{worker}-{step}")])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].count(Observation) == 60
    assert stores[1].daily(Observation) == {DAY: 60}


def test_a_writer_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.store.sqlite.PATIENCE", 0.1)
    store = open_store(tmp_path)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as error:
        store.put([an_event()])
    other.close()
    assert "is being written by another process" in one_sentence(error)
    assert PATIENCE >= 10


def test_opening_at_once_makes_one_store(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def make() -> None:
        try:
            open_store(tmp_path).close()
        except BaseException as error:  # noqa: BLE001 - the test shows whatever went wrong
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_page_bodies_are_kept_compressed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([a_page(body=b"<p>again and again</p>" * 10_000)])
    store.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        (data,) = file.execute("SELECT data FROM blob").fetchone()
    file.close()
    assert len(data) < 2000
    assert zlib.decompress(data).startswith(b"<p>again")


def test_a_damaged_body_is_said_to_be_damaged(tmp_path: Path) -> None:
    open_store(tmp_path).put([a_page()])
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("UPDATE blob SET data = x'00ff'")
    file.close()
    with pytest.raises(StoreError) as error:
        list(open_store(tmp_path).select(Page))
    assert "a page's body cannot be unpacked" in one_sentence(error)


def test_a_reader_sees_whole_steps_while_a_writer_works(tmp_path: Path) -> None:
    writer, reader = open_store(tmp_path), open_store(tmp_path, readonly=True)
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(reader.count(Observation))

    thread = threading.Thread(target=read)
    thread.start()
    for step in range(10):
        writer.put([an_observation(DAY, field=f"field-{step}-{part}") for part in range(50)])
    stop.set()
    thread.join()
    assert all(count % 50 == 0 for count in seen)
    assert reader.count(Observation) == 500


def test_the_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    open_store(tmp_path).close()
    engine = sa.create_engine("sqlite://", creator=lambda: _connect(tmp_path / FILE_NAME, readonly=True))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": "tocsin_version",
                "include_name": lambda name, kind, parents: kind != "table" or not str(name).startswith("words"),
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_schema_versions_are_numbered_without_gaps() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_an_unlimited_selection_does_not_hold_the_records_in_memory(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put(an_observation(DAY + timedelta(days=number % 30), field=f"field-{number}") for number in range(5000))
    stream = store.select(Observation, Select(where={"issuer": "mnd"}))
    assert next(stream).day == DAY
    store.put([an_observation(DAY, field="written while another reads")])
    assert sum(1 for _ in stream) == 4999


def test_a_store_of_an_older_tocsin_is_brought_up_to_date_and_loses_nothing(tmp_path: Path) -> None:
    _make_old_store(tmp_path)
    with pytest.raises(StoreError) as error:
        open_store(tmp_path, readonly=True)
    assert "was made by an older tocsin: run tocsin once" in one_sentence(error)
    store = open_store(tmp_path)
    assert store.get(Page, a_page().id) == a_page()
    assert store.pending("read", Page, 9) == [a_page()]


def _make_old_store(folder: Path) -> None:
    """A store as the first version made it."""
    open_store(folder).put([a_page()])
    with sqlite3.connect(folder / FILE_NAME) as file:
        file.execute("ALTER TABLE blob DROP COLUMN size")
        file.execute("DROP TABLE rewritten")
        file.execute("UPDATE tocsin_version SET version_num = '0001'")
    file.close()
