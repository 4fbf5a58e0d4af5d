"""Publish, give a partner a key, and let the partner ask: only what it may see, and all of it in the audit."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Tocsin

MEDIA = "application/taxii+json;version=2.1"


@pytest.fixture(scope="module")
def desk(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo, tmp_path_factory.mktemp("sharing") / "desk"))


@pytest.fixture(scope="module")
def keys(tocsin: Tocsin, desk: Path) -> dict[str, str]:
    """A partner whose organisation the warnings are released to, and one that is not."""
    found = {}
    for name, organisation in (("ally", "ally.example"), ("other", "other.example")):
        assert tocsin("account", "add", name, "--organisation", organisation, "-w", desk).status == 0
        found[name] = tocsin("key", "issue", name, "-w", desk).out.strip()
    done = tocsin("publish", "taiwan-strait", "--tlp", "amber", "--to", "org:ally.example", "-w", desk)
    assert done.status == 0, done.err
    return found


@pytest.fixture(scope="module")
def address(desk: Path, keys: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "-w", str(desk), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    root = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(root + "api/openapi.json", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    yield root
    process.terminate()
    process.communicate(timeout=30)


def ask(address: str, path: str, key: str) -> tuple[int, Any]:
    headers = {"Accept": MEDIA, "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"{address}taxii2/share/{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read() or b"{}")


def test_a_partner_gets_what_is_released_to_it_and_another_cannot_tell_that_it_is_there(
    address: str, keys: dict[str, str]
) -> None:
    status, found = ask(address, "collections/", keys["ally"])
    assert status == 200
    (collection,) = [one for one in found["collections"] if one.get("alias") == "taiwan-strait"]
    status, page = ask(address, f"collections/{collection['id']}/objects/?match%5Btype%5D=report", keys["ally"])
    assert status == 200
    assert any(one["type"] == "report" for one in page["objects"])
    hidden = ask(address, f"collections/{collection['id']}/objects/", keys["other"])
    missing = ask(address, "collections/11111111-1111-4111-8111-111111111111/objects/", keys["other"])
    assert hidden == missing
    assert hidden[0] == 404
    assert ask(address, "collections/", keys["other"])[1].get("collections", []) == []


def test_publishing_again_changes_nothing_and_everything_is_in_a_sound_audit(
    tocsin: Tocsin, desk: Path, keys: dict[str, str]
) -> None:
    again = tocsin("publish", "taiwan-strait", "--tlp", "amber", "--to", "org:ally.example", "-w", desk, "--json")
    assert again.lines[0]["changed"] == 0
    actions = {line["action"] for line in tocsin("audit", "list", "-w", desk, "--json").lines}
    assert {"publish"} <= actions
    assert "sound" in tocsin("audit", "verify", "-w", desk).out


def test_a_warning_is_a_bundle_that_holds_its_evidence(tocsin: Tocsin, demo: Path) -> None:
    warning = tocsin("warnings", "-w", demo, "--json", "--state", "open").lines[0]
    (bundle,) = tocsin("stix", warning["id"], "--tlp", "green", "-w", demo).lines
    kinds = {one["type"] for one in bundle["objects"]}
    assert {"report", "observed-data", "note", "identity", "marking-definition"} <= kinds


def test_a_bundle_is_as_restricted_as_its_evidence_was_marked(tocsin: Tocsin, desk: Path, keys: dict[str, str]) -> None:
    warning = next(one for one in tocsin("warnings", "-w", desk, "--json").lines if one["observations"])
    figure = warning["observations"][0]
    assert tocsin("mark", figure, "--tlp", "red", "--to", "person:ada", "-w", desk).status == 0
    (bundle,) = tocsin("stix", warning["id"], "-w", desk).lines
    (report,) = (one for one in bundle["objects"] if one["type"] == "report")
    named = {one["id"]: one["name"] for one in bundle["objects"] if one["type"] == "marking-definition"}
    assert [named[ref] for ref in report["object_marking_refs"]] == ["TLP:RED"]


def test_no_other_address_is_served_without_accounts(tocsin: Tocsin, demo: Path) -> None:
    done = tocsin("serve", "-w", demo, "--host", "192.0.2.1", "--port", "1")
    assert done.status == 2
    assert "without accounts" in done.err
