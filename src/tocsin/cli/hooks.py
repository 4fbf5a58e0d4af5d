"""Webhooks: telling a partner's system that there is something new which it may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cyclopts import App

from tocsin.cli.acting import By, shared, who
from tocsin.cli.app import DONE, REFUSED, app
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where
from tocsin.config import ConfigError, Workspace, load_workspace

if TYPE_CHECKING:
    from tocsin.share import Hooks, Login, Share

hook = App(name="hook", help="Webhooks: signed notices of what is new, which hold ids and no words.")
app.command(hook)


@hook.command(name="add")
def add_hook(
    name: str, /, *, url: str, account: str, collection: str, by: By = "", workspace: Where = HERE,
    json: AsJson = False,
) -> int:  # fmt: skip
    """Add a webhook, or replace the one of this name. Its secret, for checking signatures, is printed once.

    Example: `tocsin hook add relief --url https://relief.example/hook --account liaison --collection taiwan-strait
    -w desk`

    Parameters
    ----------
    name
        What to call it.
    url
        Where to send notices; https, and inside a private network only where tocsin.toml allows the host.
    account
        Whose eyes decide what there is to tell.
    collection
        The collection that is watched.
    """
    from tocsin.share.addresses import public_address

    desk = load_workspace(workspace)
    with hooks_of(desk) as (share, hooks):
        if share.accounts.get(account) is None:
            raise ConfigError(f"there is no account {account!r}; tocsin account list shows who there is.")
        if share.shelf.collection(collection) is None:
            raise ConfigError(f"there is no collection {collection!r}; tocsin publish makes one for a watch.")
        public_address(url, inside=frozenset(desk.inside))
        made = hooks.add(name, url, account, collection)
        share.audit.note(who(by), "hook", f"hook:{name}", url=url, account=account, collection=collection)
    say({"name": name, "secret": made.secret}, json, made.secret)
    return DONE


@hook.command(name="list")
def list_hooks(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List the webhooks, with how many notices wait and how many were given up.

    Example: `tocsin hook list -w desk`
    """
    with hooks_of(load_workspace(workspace)) as (_, hooks):
        waiting, dead = ([one.hook for one in hooks.deliveries(state)] for state in ("waiting", "dead"))
        found = hooks.all()
        for one in found:
            counts = {"waiting": waiting.count(one.name), "dead": dead.count(one.name)}
            line = one.model_dump(include={"name", "url", "account", "collection"}) | counts
            state = f"{counts['waiting']} waiting, {counts['dead']} given up"
            say(line, json, f"{one.name}  {one.url}  {one.collection} as {one.account} sees it  {state}")
    if not found and not json:
        print("No webhooks.")
    return DONE


@hook.command(name="remove")
def remove_hook(name: str, /, *, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Remove a webhook with the notices that wait.

    Example: `tocsin hook remove relief -w desk`

    Parameters
    ----------
    name
        The webhook.
    """
    with hooks_of(load_workspace(workspace)) as (share, hooks):
        hooks.get(name)
        hooks.remove(name)
        share.audit.note(who(by), "hook removed", f"hook:{name}")
    say({"name": name, "removed": True}, json, f"{name} is removed.")
    return DONE


@hook.command(name="test")
def try_hook(name: str, /, *, workspace: Where = HERE, json: AsJson = False) -> int:
    """Send a signed notice about nothing, and tell what the other side answers.

    Example: `tocsin hook test relief -w desk`

    Parameters
    ----------
    name
        The webhook.
    """
    with hooks_of(load_workspace(workspace)) as (_, hooks):
        fault = hooks.test(name)
    say({"name": name, "delivered": fault is None, "says": fault or ""}, json, fault or f"{name} has taken it.")
    return DONE if fault is None else REFUSED


@hook.command(name="deliver")
def deliver(*, retry: bool = False, workspace: Where = HERE, json: AsJson = False) -> int:
    """Write notices of what is new, and send what is due. Run it from a timer, as `tocsin run`.

    Example: `tocsin hook deliver -w desk`

    Parameters
    ----------
    retry
        Try again what was given up.
    """
    with hooks_of(load_workspace(workspace)) as (share, hooks):
        for one in hooks.deliveries("dead") if retry else ():
            hooks.revive(one.id)
        while hooks.notice(share.shelf, lambda name: _login(share, name)):
            pass  # a notice holds a thousand ids at most
        counts = hooks.deliver()
    say(counts, json, ", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
    return DONE


def _login(share: Share, name: str) -> Login | None:
    """The account, while it may come in."""
    from tocsin.share import RIGHTS, Login

    found = share.accounts.get(name)
    return Login(found, RIGHTS[found.role]) if found and not found.disabled else None


@contextmanager
def hooks_of(desk: Workspace) -> Iterator[tuple[Share, Hooks]]:
    """The workspace's sharing and its webhooks."""
    from tocsin.share import Hooks, Outside

    with shared(desk) as share, closing(Outside(inside=frozenset(desk.inside))) as outside:
        yield share, Hooks(share.database, outside)
