"""Opens everything that sharing needs, in one place, from one address and one key file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from tocsin.share.accounts import Accounts
from tocsin.share.audit import Audit, signing_key
from tocsin.share.database import Database, open_database
from tocsin.share.gate import Gate
from tocsin.share.keys import Keys
from tocsin.share.limits import Limits
from tocsin.share.shelf import Shelf


@dataclass(frozen=True)
class Share:
    """What a node shares and with whom. `home` is the organisation that runs it."""

    home: str
    database: Database
    shelf: Shelf
    audit: Audit
    accounts: Accounts
    keys: Keys
    gate: Gate
    key: Ed25519PrivateKey

    def secret(self, purpose: str) -> bytes:
        """A secret for one purpose, the same for every process of this node."""
        return hashlib.blake2b(purpose.encode(), key=self.key.private_bytes_raw()).digest()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_share(where: str | Path | Engine, key: Path, *, home: str, requests: Limits | None = None) -> Share:
    """Open sharing in the store's database, with the signing key in the file `key` (made if there is none).

    Open the store first: it wants to be the one that makes the file. Raises `ShareError`.
    """
    signing = signing_key(key)
    database = open_database(where)
    audit = Audit(database, signing)
    accounts, keys = Accounts(database, audit), Keys(database, audit)
    gate = Gate(accounts, keys, requests=requests)
    return Share(home, database, Shelf(database), audit, accounts, keys, gate, signing)
