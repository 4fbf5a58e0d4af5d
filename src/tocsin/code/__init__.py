"""Understand: who did what to whom, where and when. Article in, events out."""

from __future__ import annotations

from tocsin.code.cameo import Cameo, cameo
from tocsin.code.coding import Coding, code, code_text
from tocsin.code.evaluate import Evaluation, evaluate, table
from tocsin.code.explain import Explanation, explain, rule_text
from tocsin.code.gold import GoldItem, read_gold

__all__ = [
    "Cameo",
    "Coding",
    "Evaluation",
    "Explanation",
    "GoldItem",
    "cameo",
    "code",
    "code_text",
    "evaluate",
    "explain",
    "read_gold",
    "rule_text",
    "table",
]
