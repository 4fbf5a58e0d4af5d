"""A real server on the loopback, for as long as a test runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tocsin.share.gate import SecurityHeaders
from tocsin.share.opening import Share
from tocsin.share.taxii import TaxiiSettings, taxii_router


def an_app(share: Share) -> FastAPI:
    """The server as it is mounted beside the pages."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(share.gate.session_router())
    secret = share.secret("cursor")
    app.include_router(taxii_router(share.shelf, share.gate, share.audit, secret, TaxiiSettings(home=share.home)))
    return app


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which uvicorn serves `app`."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
