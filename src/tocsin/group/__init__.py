"""group: which articles are copies, which tell one story, and how many independent origins stand behind it."""

from tocsin.group.amendment import withdrawn
from tocsin.group.audit import Proposal, audit
from tocsin.group.grouper import Grouper, group
from tocsin.group.memory import StateError
from tocsin.group.origins import Corroboration, corroboration
from tocsin.group.settings import VERSION, Settings

__all__ = [
    "VERSION",
    "Corroboration",
    "Grouper",
    "Proposal",
    "Settings",
    "StateError",
    "audit",
    "corroboration",
    "group",
    "withdrawn",
]
