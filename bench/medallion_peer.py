"""The same questions put to medallion 3.0.0, OASIS's reference TAXII server, with its memory backend.

It is no requirement of tocsin's. Rerun in an environment of its own:

    python -m venv peer && peer/bin/pip install medallion==3.0.0
    peer/bin/python bench/medallion_peer.py [objects ...]

Prints a line of a table for each size: what one page of 100 and one POST of 100 objects take of processor time, in
process, without a network. Notes of about a kilobyte, as in `bench/sharing.py`; nothing is hidden and nothing checked.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
import tempfile
import time
import uuid
from pathlib import Path

MEDIA = "application/taxii+json;version=2.1"
TIME = "2026-02-01T00:00:00.000Z"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


def an_object(n: int) -> dict[str, object]:
    """A note of about a kilobyte."""
    return {
        "type": "note",
        "spec_version": "2.1",
        "id": f"note--{uuid.uuid5(uuid.NAMESPACE_OID, str(n))}",
        "created": TIME,
        "modified": TIME,
        "content": f"Eight vessels were seen on day {n}. " * 15,
        "object_refs": ["identity--" + str(uuid.uuid5(uuid.NAMESPACE_OID, "navy"))],
    }


def data(size: int) -> dict[str, object]:
    """What medallion reads at its start: one root, one collection, `size` objects."""
    added = [f"2026-02-01T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}.{n:06d}Z" for n in range(size)]
    objects = [an_object(n) | {"_date_added": added[n]} for n in range(size)]
    manifest = [
        {"id": one["id"], "date_added": added[n], "version": TIME, "media_type": "application/stix+json;version=2.1"}
        for n, one in enumerate(objects)
    ]
    media = ["application/stix+json;version=2.1"]
    collection = {"id": COLLECTION, "title": "Open", "can_read": True, "can_write": True, "media_types": media}
    return {
        "/discovery": {"title": "peer", "default": "http://localhost/api/", "api_roots": ["http://localhost/api/"]},
        "api": {
            "information": {"title": "api", "versions": [MEDIA], "max_content_length": 99999999},
            "status": [],
            "collections": [collection | {"objects": objects, "manifest": manifest}],
        },
    }


def measured(size: int) -> str:
    """The line for one size."""
    import medallion

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.json"
        path.write_text(json.dumps(data(size)))
        backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend"}
        config = {"users": {"u": "p"}, "taxii": {"max_page_size": 1000}, "backend": backend | {"filename": str(path)}}
        app = medallion.application_instance
        for name, value in config.items():
            medallion.set_config(app, name, {name: value})
        medallion.register_blueprints(app)
        basic = base64.b64encode(b"u:p").decode()
        headers = {"Accept": MEDIA, "Content-Type": MEDIA, "Authorization": f"Basic {basic}"}
        client, address = app.test_client(), f"/api/collections/{COLLECTION}/objects/"
        begin = time.process_time()
        answer = client.get(f"{address}?limit=100", headers=headers)
        page = time.process_time() - begin
        assert len(answer.get_json()["objects"]) == 100, answer.get_data()[:300]
        body = json.dumps({"objects": [an_object(size + n) for n in range(100)]})
        begin = time.process_time()
        answer = client.post(address, data=body, headers=headers)
        sent = time.process_time() - begin
        assert answer.status_code == 202, answer.get_data()[:300]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {size:,} | {page:,.2f} | {sent:,.2f} | {memory:,.0f} |"


if __name__ == "__main__":
    print(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), flush=True)
    sys.stdout.flush()
    import os

    os._exit(0)  # its session checker is a thread that never ends
