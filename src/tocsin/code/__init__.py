"""Understand: who did what to whom, where and when. Article in, events out."""

from __future__ import annotations

from tocsin.code.cameo import Cameo, cameo
from tocsin.code.coding import Coding, code, code_text, unread
from tocsin.code.explain import Explanation, explain, rule_text, why

__all__ = ["Cameo", "Coding", "Explanation", "cameo", "code", "code_text", "explain", "rule_text", "unread", "why"]
