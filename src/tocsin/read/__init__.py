"""Take the articles, headlines, bulletins and figures out of what was collected."""

from __future__ import annotations

from tocsin.read.bulletin import observe, read_bulletin
from tocsin.read.errors import ReadError
from tocsin.read.grammar import GrammarError
from tocsin.read.page import read

__all__ = ["GrammarError", "ReadError", "observe", "read", "read_bulletin"]
