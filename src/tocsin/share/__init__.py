"""Lets out to partners exactly what each may see: one rule of access, and the standards that carry it."""

from __future__ import annotations

from tocsin.share.accounts import RIGHTS, Account, Accounts, Login
from tocsin.share.addresses import Outside
from tocsin.share.audit import Audit, Head, Verdict
from tocsin.share.database import Database, ShareError, open_database
from tocsin.share.feeds import feed_router
from tocsin.share.findings import Findings, Publisher
from tocsin.share.gate import Gate, SecurityHeaders, require_accounts
from tocsin.share.handling import addressees
from tocsin.share.hooks import Hook, Hooks
from tocsin.share.keys import Keys
from tocsin.share.limits import Limits
from tocsin.share.opening import Share, open_share
from tocsin.share.peers import Peer, Peers, Tally
from tocsin.share.publish import Published, mark_record, markings_of, publish, put, release, shows_more, withdraw
from tocsin.share.rule import UNKNOWN, Marked, Marking, Subject, combine, visible, wider
from tocsin.share.shelf import Collection, Shelf
from tocsin.share.stix import to_bundle
from tocsin.share.taxii import TaxiiSettings, taxii_router
from tocsin.share.window import Match, Seen, Window

__all__ = [
    "RIGHTS",
    "UNKNOWN",
    "Account",
    "Accounts",
    "Audit",
    "Collection",
    "Database",
    "Findings",
    "Gate",
    "Head",
    "Hook",
    "Hooks",
    "Keys",
    "Limits",
    "Login",
    "Marked",
    "Marking",
    "Match",
    "Outside",
    "Peer",
    "Peers",
    "Published",
    "Publisher",
    "SecurityHeaders",
    "Seen",
    "Share",
    "ShareError",
    "Shelf",
    "Subject",
    "Tally",
    "TaxiiSettings",
    "Verdict",
    "Window",
    "addressees",
    "combine",
    "feed_router",
    "mark_record",
    "markings_of",
    "open_database",
    "open_share",
    "publish",
    "put",
    "release",
    "require_accounts",
    "shows_more",
    "taxii_router",
    "to_bundle",
    "visible",
    "wider",
    "withdraw",
]
