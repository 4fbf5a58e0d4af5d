"""Understand: who did what to whom, where and when. Article in, events out."""

from __future__ import annotations

from tocsin.code.coding import Coding, code, code_text

__all__ = ["Coding", "code", "code_text"]
