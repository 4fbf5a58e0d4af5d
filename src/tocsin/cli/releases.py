"""Say how a record may be handled, share what is out more widely, and take it back: always somebody, with a reason."""

from __future__ import annotations

from tocsin.cli.acting import By, Level, To, Why, releaser, shared, who
from tocsin.cli.app import DONE, app
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where
from tocsin.config import ConfigError, Workspace, load_workspace


@app.command
def mark(
    id: str, /, *, tlp: Level, to: To = (), hide: tuple[str, ...] = (), reason: Why = "", by: By = "",
    workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Mark a record: how it may be handled when it is published, and who of the house may read it on the pages.

    What rests on the record is at most as widely shared. To mark more widely than before,
    or to hide less, takes a releaser and a reason.
    What is out already changes when it is published again, or by `tocsin release` and `tocsin withdraw`.

    Example: `tocsin mark event-0123456789abcdef0123 --tlp green --hide external_references -w desk`

    Parameters
    ----------
    id
        The record: a warning, departure, event, observation, article or page.
    tlp
        The Traffic Light Protocol 2.0 level.
    hide
        Properties of the STIX object that stay in the house, so that the finding is shared without its source:
        `external_references`, `description`, `extensions.…`.
    """
    from tocsin.share import Marking, addressees, mark_record, markings_of, shows_more
    from tocsin.share.sight import house

    desk = load_workspace(workspace)
    _must_be_stored(desk, id)
    fields = dict.fromkeys(hide, house(desk.organisation))
    marking = Marking(tlp=tlp, releasable_to=addressees(to), fields=fields)
    with shared(desk) as share:
        before = markings_of(share, [id]).get(id)
        if before is not None and shows_more(marking, before):
            releaser(desk, share, by)
        mark_record(share, id, marking, by=who(by), reason=reason)
    say({"id": id, "tlp": tlp, "to": sorted(to), "hide": list(hide)}, json, f"{id} is TLP:{tlp.upper()}.")
    return DONE


@app.command
def release(
    id: str, /, *, tlp: Level, to: To = (), reason: Why, by: By = "", workspace: Where = HERE, json: AsJson = False
) -> int:
    """Share an object that is out more widely (a downgrade). A named releaser of the house does so, with a reason.

    Example: `tocsin release report--… --tlp green --reason "the ministry has published it" --by ada -w desk`

    Parameters
    ----------
    id
        The STIX id of the object, as `tocsin stix` and the pages under /shared/ show it.
    tlp
        The new level; nobody who sees the object now may be left out.
    """
    from tocsin.share import Marking, addressees
    from tocsin.share import release as widen

    desk = load_workspace(workspace)
    with shared(desk) as share:
        marking = Marking(tlp=tlp, releasable_to=addressees(to))
        made = widen(share, id, marking, by=releaser(desk, share, by), reason=reason)
    say({"id": id, "modified": made["modified"], "tlp": tlp}, json, f"{id} is TLP:{tlp.upper()} from now on.")
    return DONE


@app.command
def withdraw(id: str, /, *, reason: Why, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Take an object back: a revoked version without content goes to all who had it; no earlier one is shown again.

    Example: `tocsin withdraw report--… --reason "the figure was wrong" --by ada -w desk`

    Parameters
    ----------
    id
        The STIX id of the object.
    """
    from tocsin.share import withdraw as take_back

    desk = load_workspace(workspace)
    with shared(desk) as share:
        made = take_back(share, id, by=releaser(desk, share, by), reason=reason)
    say({"id": id, "modified": made["modified"], "revoked": True}, json, f"{id} is withdrawn.")
    return DONE


def _must_be_stored(desk: Workspace, id: str) -> None:
    from tocsin.cli.workspace import opened
    from tocsin.records import Article, Departure, Event, Observation, Page, Warning

    kinds = {kind.kind: kind for kind in (Article, Departure, Event, Observation, Page, Warning)}
    kind = kinds.get(id.partition("-")[0])
    with opened(desk, readonly=True) as store:
        if kind is None or store.get(kind, id) is None:
            raise ConfigError(
                f"nothing here is called {id!r}; give the whole id, as tocsin warnings and tocsin show print it."
            )
