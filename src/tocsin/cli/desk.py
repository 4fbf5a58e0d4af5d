"""Wire a workspace: its store, sources and watches to the pipeline, the web pages, exports and frames."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tocsin.cli.watching import watches_of
from tocsin.config import FILE, ConfigError, Workspace
from tocsin.records import Event, Measurement, Outlet, Watch

if TYPE_CHECKING:
    from fastapi import APIRouter

    from tocsin.collect import Pulse
    from tocsin.share.oidc import Provider
    from tocsin.share.opening import Share
    from tocsin.store import Select, Store
    from tocsin.web import Desk, Door


SHOWN: dict[str, Literal["ok", "late", "failing", "unknown"]] = {
    "ok": "ok",
    "blind": "failing",
    "warming-up": "unknown",
    "never-run": "unknown",
}


def today_of(workspace: Workspace) -> date:
    """The last whole day: the workspace's own `today`, else yesterday in UTC."""
    return workspace.today or datetime.now(UTC).date() - timedelta(days=1)


def standing_day(workspace: Workspace, as_of: date | None) -> date:
    """The day to measure up to: `as_of`, else the workspace's. Raises `ConfigError` for one that is still to come."""
    day = as_of or today_of(workspace)
    if day > (now := datetime.now(UTC).date()):
        said = f"--as-of {day}" if as_of else f"today = {day} in {workspace.root / FILE}"
        raise ConfigError(f"{said} is a day to come; it is {now} (UTC), and nothing is known of later days.")
    return day


def outlets_of(workspace: Workspace) -> Mapping[str, Outlet]:
    """The shipped catalogue with the workspace's own outlets, which replace those of their names.

    Raises `ConfigError`.
    """
    from tocsin.data.catalogue import catalogue_of, outlets

    try:
        return catalogue_of(workspace.outlet_texts(), outlets())
    except ValueError as error:
        raise ConfigError(f"{workspace.root / 'outlets'}: {error}.") from None


def run_flow(workspace: Workspace, as_of: date | None, progress: Callable[[str, int], None]) -> Counter[str]:
    """Run the pipeline once over the workspace."""
    from tocsin.cli.notify import teller
    from tocsin.cli.saying import note
    from tocsin.collect import make_source
    from tocsin.pipeline import Flow, run
    from tocsin.store import open_store

    today = standing_day(workspace, as_of)
    watches = watches_of(workspace)
    sources = [make_source(dict(table), workspace.root) for table in workspace.sources]
    with closing(open_store(workspace.store_location)) as store:
        return run(
            Flow(
                store=store,
                sources=sources,
                watches=watches,
                outlets=outlets_of(workspace),
                today=today,
                now=datetime.now(UTC),
                progress=progress,
                tell=teller(watches, workspace),
                note=note,
            )
        )


def serve_desk(workspace: Workspace, host: str, port: int, *, login: bool = False) -> None:
    """Serve the workspace until interrupted: pages, JSON API, what is shared, and the TAXII server.

    On the loopback whoever sits at the machine reads everything; everybody else, and with `login` everybody, says who
    they are. Another address is served only where there are accounts.
    """
    import uvicorn

    from tocsin.cli.acting import shared
    from tocsin.share.gate import is_loopback, require_accounts
    from tocsin.store import open_store
    from tocsin.web import Door, SeenStore, create_app

    with ExitStack() as open_things:
        share = open_things.enter_context(shared(workspace))
        require_accounts(host, share.accounts)
        _claim(host, port)
        watches = watches_of(workspace)
        store = open_things.enter_context(closing(open_store(workspace.store_location, readonly=True)))
        door = Door(share, trusting=is_loopback(host) and not login)
        seen = SeenStore(store, door.sight)
        providers = providers_of(workspace)
        names = tuple(one.name for one in providers)
        app = create_app(seen, watches, _desk(workspace, seen, watches, door), door, names)
        for router in _sharing(workspace, share, providers):
            app.include_router(router, include_in_schema=False)
        print(f"tocsin serves {workspace.name} at http://{host}:{port}/ (Ctrl-C stops it)", flush=True)
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _claim(host: str, port: int) -> None:
    """Make sure that the address can be listened on before it is announced. Raises `ConfigError`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        says = getattr(error, "strerror", None) or "ports go from 1 to 65535"
        raise ConfigError(f"cannot listen on {host}:{port}: {says.lower()}; choose another with --port.") from None


def providers_of(workspace: Workspace) -> tuple[Provider, ...]:
    """The identity providers of `tocsin.toml`; a secret lies in a file beside it. Raises `ConfigError`."""
    from pydantic import ValidationError

    from tocsin.share.oidc import Provider

    made = []
    for table in workspace.oidc:
        settings = {"organisation": workspace.organisation, **table}
        file = settings.pop("secret_file", None)
        try:
            secret = (workspace.root / str(file)).read_text(encoding="utf-8").strip() if file else ""
            made.append(Provider.model_validate({"secret": secret, **settings}))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"the secret of the [[oidc]] table cannot be read from {file}: {error}.") from None
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigError(f"[[oidc]] in tocsin.toml: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    return tuple(made)


def _sharing(workspace: Workspace, share: Share, providers: tuple[Provider, ...]) -> Iterator[APIRouter]:
    """What partners ask: TAXII, the feeds, alerts and events made of the same collections, and where they log in."""
    from tocsin.share.feeds import feed_router
    from tocsin.share.oidc import oidc_router
    from tocsin.share.taxii import TaxiiSettings, taxii_router

    settings = TaxiiSettings(home=workspace.organisation, title=workspace.name)
    yield taxii_router(share.shelf, share.gate, share.audit, share.secret("taxii"), settings)
    yield feed_router(share, author=workspace.organisation)
    yield oidc_router(share, providers)


def _desk(workspace: Workspace, store: Store, watches: Sequence[Watch], door: Door) -> Desk:
    from tocsin.assess import chart, scoreboard
    from tocsin.code import unread
    from tocsin.code.cameo import COLUMNS
    from tocsin.measure import watch_score
    from tocsin.store import pieces
    from tocsin.web import Desk, SourceHealth

    def measured(watch: Watch) -> Mapping[str, Sequence[Measurement]]:
        charts = [chart(store, watch, indicator, today_of(workspace)) for indicator in watch.indicators]
        return {each.indicator.name: each.measurements for each in charts}

    def exported(what: str, form: str, select: Select, watch: Watch | None) -> Iterator[bytes]:
        return pieces(store, what, form, select=select, watch=watch, watches=watches, codes=COLUMNS)  # type: ignore[arg-type]

    return Desk(
        measure=measured,
        today=lambda: today_of(workspace),
        sources=lambda: [
            SourceHealth(found.name, SHOWN[found.state], found.says, found.last_new)
            for found in pulses(workspace, store)
        ],
        export=exported,
        judge=watch_score,
        scoreboard=lambda watch: scoreboard(store, watch, today_of(workspace)),
        explain=_explain,
        unread=unread,
        reader=lambda: sight.name if (sight := door.sight()) else "",
    )


def _explain(event: Event, text: str) -> Sequence[str]:
    """How an event was coded out of `text`: words, rule, what the models said, the coder, and what it is worth."""
    from tocsin.code import cameo, rule_text, why
    from tocsin.code.coding import CODER

    code = cameo(event)
    steps = why(event, text, on=event.reported) if text and event.coder == CODER else ()
    return (
        *(steps or [f"rule {event.rule}: {rule_text(event.rule)}"]),
        f"As CAMEO {code.code} ({code.label}), Goldstein {code.goldstein:+.1f}, quad class {code.quad_class}",
        f"Coder {event.coder}, confidence {event.confidence:.2f}",
    )


def export_records(
    workspace: Workspace, what: str, form: str, out: Path | None, since: date | None, until: date | None
) -> int:
    """Write what is stored to a file, or to standard output; returns how many rows."""
    from tocsin.code.cameo import COLUMNS
    from tocsin.store import Select, export, open_store

    with closing(open_store(workspace.store_location, readonly=True)) as store:
        where = Select(since=since, until=until)
        to, watches = out or sys.stdout.buffer, watches_of(workspace)
        return export(store, what, form, to, select=where, watches=watches, codes=COLUMNS)  # type: ignore[arg-type]


def pulses(workspace: Workspace, store: Store) -> list[Pulse]:
    """How each source of the workspace does, against its own rhythm, on the day that the workspace stands at."""
    from tocsin.collect import pulse

    now = datetime.now(UTC)
    if workspace.today is not None:
        now = min(now, datetime.combine(workspace.today + timedelta(days=1), time(), UTC))
    names = [str(table["name"]) for table in workspace.sources]
    return [pulse(name, store.state(f"collect {name}"), now) for name in names]
