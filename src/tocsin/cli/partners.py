"""Who may ask, with which keys, and which peers there are."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter, validators

from tocsin.cli.acting import By, shared, who
from tocsin.cli.app import DONE, app
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where
from tocsin.config import ConfigError, Workspace, load_workspace

if TYPE_CHECKING:
    from tocsin.share.opening import Share
    from tocsin.share.peers import Peers

Role = Literal["viewer", "analyst", "releaser", "node", "admin"]

Days = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=36_500))]

Disabled = Annotated[bool | None, Parameter(negative="--enabled")]

account = App(name="account", help="Who may ask: people and nodes, with roles.")
key = App(name="key", help="API keys: shown once, kept as a hash, scoped, expiring.")
peer = App(name="peer", help="Partners' TAXII 2.1 servers and tocsin nodes.")
for group in (account, key, peer):
    app.command(group)


def _named(role: str) -> str:
    return f"{'an' if role.startswith('a') else 'a'} {role}"


@account.command(name="add")
def add_account(
    name: str, /, *, organisation: str, role: Role = "viewer",
    group: tuple[str, ...] = (), by: By = "", workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Add an account. It has no password until somebody sets one; programs use a key (`tocsin key issue`).

    Example: `tocsin account add liaison --organisation relief.example --role viewer -w desk`

    Parameters
    ----------
    name
        The account's name.
    organisation
        The organisation it belongs to; what is releasable to the organisation is releasable to it.
    role
        What it may do.
    group
        The communities its organisation is in, for TLP:GREEN and `group:` releases.
    """
    from tocsin.share.accounts import Account

    with shared(load_workspace(workspace)) as share:
        made = Account(name, organisation, role, communities=frozenset(group))
        share.accounts.add(made, by=who(by))
    line = {"name": name, "organisation": organisation, "role": role}
    say(line, json, f"{name} of {organisation} is {_named(role)}.")
    return DONE


@account.command(name="list")
def list_accounts(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List the accounts.

    Example: `tocsin account list -w desk`
    """
    with shared(load_workspace(workspace)) as share:
        found = share.accounts.all()
        for one in found:
            line = {"name": one.name, "organisation": one.organisation, "role": one.role, "disabled": one.disabled}
            say(line, json, f"{one.name}  {one.organisation}  {one.role}{'  disabled' if one.disabled else ''}")
    if not found and not json:
        print("No accounts.")
    return DONE


@account.command(name="first")
def first_account(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """Print the one-time token with which the first administrator is made at `/first-admin`; good for a day.

    Example: `tocsin account first -w desk`
    """
    with shared(load_workspace(workspace)) as share:
        token = share.accounts.invite_first()
    if token is None:
        raise ConfigError("somebody has an account already; an administrator adds others: tocsin account add")
    say({"token": token}, json, token)
    return DONE


@account.command(name="password")
def set_password(name: str, /, *, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Set an account's password, read from standard input (asked for twice on a terminal). Its sessions end.

    Example: `tocsin account password ada -w desk`

    Parameters
    ----------
    name
        The account.
    """
    desk = load_workspace(workspace)
    if sys.stdin.isatty():
        given = getpass.getpass("New password: ")
        if getpass.getpass("Again: ") != given:
            raise ConfigError("the two are not the same; nothing was changed.")
    else:
        given = sys.stdin.readline().rstrip("\n")
    with shared(desk) as share:
        share.accounts.set_password(name, given, by=who(by))
    say({"name": name, "password": "set"}, json, f"{name} has a new password.")
    return DONE


@account.command(name="change")
def change_account(
    name: str, /, *, role: Role | None = None, disabled: Disabled = None, group: tuple[str, ...] | None = None,
    by: By = "", workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Give an account another role or other communities, or disable it. Its sessions end.

    Example: `tocsin account change liaison --disabled -w desk`

    Parameters
    ----------
    name
        The account.
    role
        What it may do from now on.
    disabled
        Whether it may come in no more: --disabled, or --enabled to let it in again.
    group
        The communities its organisation is in, all of them.
    """
    with shared(load_workspace(workspace)) as share:
        known = share.accounts.get(name)
        if known is None:
            raise ConfigError(f"there is no account {name!r}; tocsin account list shows who there is.")
        changed = known.but(
            role=role or known.role,
            disabled=known.disabled if disabled is None else disabled,
            communities=known.communities if group is None else frozenset(group),
        )
        share.accounts.change(changed, by=who(by))
    line = {"name": name, "role": changed.role, "disabled": changed.disabled}
    say(line, json, f"{name} is {_named(changed.role)}{', disabled' if changed.disabled else ''}.")
    return DONE


@key.command(name="issue")
def issue_key(
    name: str, /, *, scope: tuple[str, ...] = ("read",), days: Days = 90, by: By = "", workspace: Where = HERE,
    json: AsJson = False,
) -> int:  # fmt: skip
    """Issue a key for an account. It is printed once and kept only as a hash.

    Example: `tocsin key issue liaison --scope read --days 30 -w desk`

    Parameters
    ----------
    name
        The account.
    scope
        What the key may do, within what its account may: read, write, release, relay, admin.
    days
        How long it lasts.
    """
    with shared(load_workspace(workspace)) as share:
        secret = share.keys.issue(name, scope, by=who(by), lasts=timedelta(days=days))
    say({"account": name, "key": secret}, json, secret)
    return DONE


@key.command(name="list")
def list_keys(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List the keys, without their secrets.

    Example: `tocsin key list -w desk`
    """
    with shared(load_workspace(workspace)) as share:
        found = share.keys.all()
        for one in found:
            state = "revoked" if one["revoked"] else f"until {one['expires']}"
            say(one, json, f"{one['id']}  {one['account']}  {' '.join(one['scopes'])}  {state}")
    if not found and not json:
        print("No keys.")
    return DONE


@key.command(name="revoke")
def revoke_key(id: str, /, *, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """End a key now.

    Example: `tocsin key revoke 0123456789abcdef -w desk`

    Parameters
    ----------
    id
        The key's id, the second part of the key.
    """
    with shared(load_workspace(workspace)) as share:
        share.keys.revoke(id, by=who(by))
    say({"id": id, "revoked": True}, json, f"{id} is revoked.")
    return DONE


@key.command(name="rotate")
def rotate_key(id: str, /, *, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Replace a key by a new one with the same scopes; the old one works for one more day.

    Example: `tocsin key rotate 0123456789abcdef -w desk`

    Parameters
    ----------
    id
        The key's id, the second part of the key.
    """
    with shared(load_workspace(workspace)) as share:
        secret = share.keys.rotate(id, by=who(by))
    say({"old": id, "key": secret}, json, secret)
    return DONE


@peer.command(name="add")
def add_peer(
    name: str, /, *, root: str, collection: str, local: str, key: str, organisation: str, relays: bool = False,
    group: tuple[str, ...] = (), by: By = "", workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Make a partner's server a peer, or change the one of this name; how far the exchange has come is kept.

    Example: `tocsin peer add relief --root https://relief.example/taxii2/share/ --collection ID
    --local taiwan-strait --key KEY --organisation relief.example -w desk`

    Parameters
    ----------
    name
        What to call it here.
    root
        The address of its TAXII 2.1 API root; inside a private network only where tocsin.toml allows the host.
    collection
        The id of its collection.
    local
        The alias of ours that is exchanged with it.
    key
        The key it gave us.
    organisation
        Who runs it: what we push is what this organisation may see.
    relays
        Take from it also what belongs to others.
    group
        The communities its organisation is in.
    """
    from tocsin.share.addresses import public_address
    from tocsin.share.peers import Peer

    desk = load_workspace(workspace)
    with shared(desk) as share, peers_of(desk, share) as peers:
        if share.shelf.collection(local) is None:
            raise ConfigError(f"there is no collection {local!r} here; tocsin publish makes one for a watch.")
        public_address(root, inside=frozenset(desk.inside))
        known = any(one.name == name for one in peers.all())
        made = Peer(
            name=name, root=root, collection=collection, local=local, key=key, organisation=organisation,
            relays=relays, communities=frozenset(group),
        )  # fmt: skip
        peers.add(made, by=who(by))
    say({"name": name, "root": root}, json, f"{name} is changed." if known else f"{name} is a peer.")
    return DONE


@peer.command(name="list")
def list_peers(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List the peers.

    Example: `tocsin peer list -w desk`
    """
    desk = load_workspace(workspace)
    with shared(desk) as share, peers_of(desk, share) as peers:
        found = peers.all()
        for one in found:
            line = one.model_dump(mode="json", exclude={"key"})
            say(line, json, f"{one.name}  {one.organisation}  {one.root}  {one.collection} ↔ {one.local}")
    if not found and not json:
        print("No peers.")
    return DONE


@peer.command(name="remove")
def remove_peer(name: str, /, *, by: By = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Forget a peer. What came from it stays.

    Example: `tocsin peer remove relief -w desk`

    Parameters
    ----------
    name
        The peer.
    """
    desk = load_workspace(workspace)
    with shared(desk) as share, peers_of(desk, share) as peers:
        peers.get(name)
        peers.remove(name, by=who(by))
    say({"name": name, "removed": True}, json, f"{name} is no peer any more.")
    return DONE


@peer.command(name="pull")
def pull_peer(name: str, /, *, workspace: Where = HERE, json: AsJson = False) -> int:
    """Take what a peer shares and we do not have yet.

    Example: `tocsin peer pull relief -w desk`

    Parameters
    ----------
    name
        The peer.
    """
    return exchange(name, workspace, ("pulled",), json)


@peer.command(name="push")
def push_peer(name: str, /, *, workspace: Where = HERE, json: AsJson = False) -> int:
    """Send a peer what it may see and has not acknowledged yet.

    Example: `tocsin peer push relief -w desk`

    Parameters
    ----------
    name
        The peer.
    """
    return exchange(name, workspace, ("pushed",), json)


@peer.command(name="sync")
def sync_peer(name: str, /, *, workspace: Where = HERE, json: AsJson = False) -> int:
    """Pull from a peer and push to it what it may see: resumable, and without effect when nothing is new.

    Example: `tocsin peer sync relief -w desk`

    Parameters
    ----------
    name
        The peer.
    """
    return exchange(name, workspace, ("pulled", "pushed"), json)


@peer.command(name="conflicts")
def conflicts(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List what peers have sent that contradicts what is held: put aside, for somebody to look at.

    Example: `tocsin peer conflicts -w desk`
    """
    desk = load_workspace(workspace)
    with shared(desk) as share, peers_of(desk, share) as peers:
        found = False
        for one in peers.quarantined():
            found = True
            say(one, json, f"{one['at']}  {one['source']}  {one['id']}  {one['version']}")
    if not found and not json:
        print("No conflicts.")
    return DONE


def exchange(name: str, workspace: Path, ways: tuple[str, ...], json: bool) -> int:
    """Pull, push, or both; say what each has done."""
    desk = load_workspace(workspace)
    with shared(desk) as share, peers_of(desk, share) as peers:
        for way in ways:
            line = asdict(peers.pull(name) if way == "pulled" else peers.push(name))
            say({"way": way, **line}, json, f"{way}: " + ", ".join(f"{count} {what}" for what, count in line.items()))
    return DONE


@contextmanager
def peers_of(desk: Workspace, share: Share) -> Iterator[Peers]:
    """The node's peers, reached over the public network and at the hosts that the workspace allows."""
    from tocsin.share.addresses import Outside
    from tocsin.share.peers import Peers

    with closing(Outside(inside=frozenset(desk.inside))) as outside:
        yield Peers(share, outside)
