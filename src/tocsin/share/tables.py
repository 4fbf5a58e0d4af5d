"""The tables of sharing, beside the store's in the same database; every name begins with `share_`.

Times are UTC text to the microsecond, which sorts as time does. Secrets are kept as hashes, never as themselves.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = 2
"""The version of these tables. A database made by a newer tocsin is refused."""

metadata = sa.MetaData()

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

schema = sa.Table("share_schema", metadata, sa.Column("version", NUMBER, primary_key=True, autoincrement=False))

counter = sa.Table(
    "share_counter",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("value", NUMBER, nullable=False),
)

item = sa.Table(  # one version of one STIX object
    "share_item",
    metadata,
    sa.Column("o", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("id", TEXT, nullable=False),
    sa.Column("type", TEXT, nullable=False),
    sa.Column("spec_version", TEXT, nullable=False),
    sa.Column("version", TEXT, nullable=False),  # `modified`, else `created`, else when it was added
    sa.Column("owner", TEXT, nullable=False),  # the organisation that alone may change it
    sa.Column("path", TEXT, nullable=False, server_default=""),  # nodes it came through, oldest first
    sa.Column("digest", TEXT, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tlp", TEXT, nullable=False),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("not_before", TEXT),
    sa.Column("not_after", TEXT),
    sa.Column("due", TEXT),  # when its embargo ends; NULL where there is none any more
    sa.Column("marking", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index("share_item_by_id", "id", "version", unique=True),
    sa.Index("share_item_by_due", "due"),
)

release = sa.Table(
    "share_release",
    metadata,
    sa.Column("o", NUMBER, primary_key=True),
    sa.Column("name", TEXT, primary_key=True),
    sqlite_with_rowid=False,
)

reference = sa.Table(  # `need`: each (useless without it), some (one of these must be seen), none
    "share_reference",
    metadata,
    sa.Column("o", NUMBER, primary_key=True),
    sa.Column("ref", TEXT, primary_key=True),
    sa.Column("need", TEXT, primary_key=True),
    sa.Index("share_reference_by_ref", "ref"),
    sqlite_with_rowid=False,
)

entry = sa.Table(  # an item in a collection; `n` grows in the order of commits and is never used twice
    "share_entry",
    metadata,
    sa.Column("collection", TEXT, primary_key=True),
    sa.Column("n", NUMBER, primary_key=True),
    sa.Column("added", TEXT, nullable=False),
    sa.Column("o", NUMBER, nullable=False),
    sa.Column("id", TEXT, nullable=False),
    sa.Column("version", TEXT, nullable=False),
    sa.Index("share_entry_by_item", "o"),
    sa.Index("share_entry_by_time", "collection", "added", "n"),
    sa.Index("share_entry_by_id", "collection", "id", "version", unique=True),
    sqlite_with_rowid=False,
)

collection = sa.Table(
    "share_collection",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("alias", TEXT, unique=True, nullable=False),
    sa.Column("title", TEXT, nullable=False),
    sa.Column("description", TEXT, nullable=False),
    sa.Column("marking", sa.Text, nullable=False),
    sa.Column("writers", sa.Text, nullable=False),  # JSON list of the names that may add
    sa.Column("unmarked", sa.Text),  # the marking given to objects that come without one
)

status = sa.Table(
    "share_status",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("person", TEXT, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", TEXT, nullable=False),
)

record_marking = sa.Table(
    "share_record_marking",
    metadata,
    sa.Column("record", TEXT, primary_key=True),
    sa.Column("marking", sa.Text, nullable=False),
)

audit = sa.Table(
    "share_audit",
    metadata,
    sa.Column("n", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("at", TEXT, nullable=False),
    sa.Column("actor", TEXT, nullable=False),
    sa.Column("action", TEXT, nullable=False),
    sa.Column("subject", TEXT, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("hash", TEXT, nullable=False),
)

audit_head = sa.Table(
    "share_audit_head",
    metadata,
    sa.Column("only", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("n", NUMBER, nullable=False),
    sa.Column("hash", TEXT, nullable=False),
    sa.Column("signature", TEXT, nullable=False),
)

account = sa.Table(
    "share_account",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("organisation", TEXT, nullable=False),
    sa.Column("role", TEXT, nullable=False),
    sa.Column("providers", sa.Text, nullable=False),
    sa.Column("communities", sa.Text, nullable=False),
    sa.Column("password", sa.Text),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
)

key = sa.Table(
    "share_key",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("account", TEXT, nullable=False),
    sa.Column("digest", TEXT, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created", TEXT, nullable=False),
    sa.Column("expires", TEXT, nullable=False),
    sa.Column("revoked", TEXT),
)

session = sa.Table(
    "share_session",
    metadata,
    sa.Column("digest", TEXT, primary_key=True),
    sa.Column("account", TEXT, nullable=False),
    sa.Column("csrf", TEXT, nullable=False),
    sa.Column("expires", TEXT, nullable=False),
)

invitation = sa.Table(  # the one-time token of the first administrator
    "share_invitation",
    metadata,
    sa.Column("digest", TEXT, primary_key=True),
    sa.Column("account", TEXT, nullable=False),
    sa.Column("expires", TEXT, nullable=False),
)

peer = sa.Table(
    "share_peer",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("pulled", sa.Text),  # where the next pull goes on
    sa.Column("pushed", NUMBER, nullable=False, server_default="0"),  # the last entry pushed
)

receipt = sa.Table(  # what each peer has acknowledged
    "share_receipt",
    metadata,
    sa.Column("peer", TEXT, primary_key=True),
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("version", TEXT, primary_key=True),
    sa.Column("at", TEXT, nullable=False),
    sqlite_with_rowid=False,
)

quarantine = sa.Table(
    "share_quarantine",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("version", TEXT, primary_key=True),
    sa.Column("digest", TEXT, primary_key=True),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("reason", TEXT, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("at", TEXT, nullable=False),
)

hook = sa.Table(
    "share_hook",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("settings", sa.Text, nullable=False),
)

delivery = sa.Table(
    "share_delivery",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("hook", TEXT, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", NUMBER, nullable=False),
    sa.Column("due", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # waiting, delivered or dead
    sa.Column("says", sa.Text, nullable=False),
    sa.Index("share_delivery_by_due", "state", "due"),
)
