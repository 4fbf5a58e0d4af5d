"""Word forms: the lemma of a word as verb or noun, and whether a word is an ordinary one (for true-casing).

The tables (forms, exceptions, suffix rules; WordNet's, in the parser's package) come with the pinned parser; only the
British spellings and the news desk's own verbs are added here.
"""

from __future__ import annotations

from functools import cache, lru_cache

import srsly  # type: ignore[import-untyped]
from spacy.strings import hash_string  # type: ignore[attr-defined]

from tocsin.code.model_files import model_dir
from tocsin.code.wordlists import words

_NOT_IZE = words("words.not_ize")
_BRITISH = {
    "defence": "defense",
    "offence": "offense",
    "licence": "license",
    "programme": "program",
    "centre": "center",
    "labour": "labor",
    "harbour": "harbor",
    "neighbour": "neighbor",
    "honour": "honor",
    "favour": "favor",
    "behaviour": "behavior",
    "manoeuvre": "maneuver",
    "armour": "armor",
    "colour": "color",
    "cheque": "check",
    "analyse": "analyze",
    "paralyse": "paralyze",
    "storey": "story",
    "tyre": "tire",
    "vapour": "vapor",
    "endeavour": "endeavor",
    "humour": "humor",
    "rumour": "rumor",
    "savour": "savor",
    "theatre": "theater",
    "metre": "meter",
    "practise": "practice",
    "enrol": "enroll",
    "fulfil": "fulfill",
    "judgement": "judgment",
    "pretence": "pretense",
    "sceptical": "skeptical",
    "catalogue": "catalog",
    "counsellor": "counselor",
}
_OWN_VERBS = {
    "greenlit": "greenlight",
    "sanctions": "sanction",
    "hits": "hit",
    "axes": "axe",
    "axed": "axe",
    "axing": "axe",
    "vetoes": "veto",
    "summons": "summon",
    "focuses": "focus",
    "nukes": "nuke",
    "vetoed": "veto",
    "vetoing": "veto",
    "oks": "okay",
    "ok'd": "okay",
    "oked": "okay",
    "inked": "ink",
    "inks": "ink",
    "found": "find",
    "fell": "fall",
    "left": "leave",
    "bound": "bind",
    "shot": "shoot",
    "struck": "strike",
    "lit": "light",
    "strung": "string",
    "stricken": "strike",
    "jailed": "jail",
    "downed": "down",
    "downs": "down",
    "ties": "tie",
    "tied": "tie",
    "axe": "axe",
    "lay": "lay",
    "laid": "lay",
    "saw": "see",
    "wounds": "wound",
    "wounded": "wound",
    "wound": "wound",
    "bombs": "bomb",
    "felled": "fell",
    "spat": "spit",
}
_OWN_NOUNS = {
    "talks": "talk",
    "troops": "troop",
    "forces": "force",
    "ties": "tie",
    "relations": "relation",
    "arms": "arms",
    "goods": "goods",
    "data": "data",
    "media": "media",
    "police": "police",
    "people": "people",
    "us": "us",
    "sanctions": "sanction",
    "headquarters": "headquarters",
    "series": "series",
    "drills": "drill",
    "axes": "axe",
    "hostilities": "hostility",
    "coup": "coup",
    "coups": "coup",
    "curbs": "curb",
    "children": "child",
    "men": "man",
    "women": "woman",
    "lives": "life",
    "tariffs": "tariff",
    "clashes": "clash",
    "riots": "riot",
    "raids": "raid",
}


@cache
def _tables() -> tuple[dict[str, dict[str, list[str]]], dict[str, set[str]], dict[str, list[list[str]]]]:
    raw = srsly.msgpack_loads((model_dir() / "lemmatizer/lookups/lookups.bin").read_bytes())

    def part(name: str) -> dict[str, object]:
        table = raw[name]
        return {pos: table.get(hash_string(pos)) or table.get(pos) or {} for pos in ("verb", "noun", "adj", "adv")}

    forms = {pos: set(words) for pos, words in part("lemma_index").items()}  # type: ignore[call-overload]
    return part("lemma_exc"), forms, part("lemma_rules")  # type: ignore[return-value]


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """`word` in the spelling that the rule files use (criticise → criticize, defence → defense)."""
    if word in _BRITISH:
        return _BRITISH[word]
    if word.endswith(("isation", "isations")):
        return word.replace("isation", "ization")
    if word.endswith("ise") and len(word) > 5 and word not in _NOT_IZE:
        return word[:-3] + "ize"
    return word


@lru_cache(maxsize=50_000)
def lemma(word: str, pos: str) -> str:
    """The dictionary form of `word` (any case) as `verb` or `noun`, in American spelling."""
    low = word.lower().replace("’", "'")
    own = _OWN_VERBS if pos == "verb" else _OWN_NOUNS
    if low in own:
        return own[low]
    exceptions, forms, rules = _tables()
    found = exceptions[pos].get(low)
    if found:
        return american(found[0])
    if "-" in low:
        first, _, last = low.rpartition("-")
        if pos == "verb" and low.endswith(("ed", "ing", "es", "s")):
            return f"{first}-{lemma(last, pos)}"
        return f"{first}-{lemma(last, pos)}" if pos == "noun" else low
    known = [
        low[: len(low) - len(old)] + new
        for old, new in rules[pos]
        if old and low.endswith(old) and low[: len(low) - len(old)] + new in forms[pos]
    ]
    if low in forms[pos] and not (pos == "noun" and known and low.endswith("s") and not low.endswith("ss")):
        return american(low)
    return american(known[0]) if known else american(_guess(low, pos))


def _guess(low: str, pos: str) -> str:
    """A plain guess for a word that no table knows."""
    if pos == "noun":
        return low[:-1] if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")) else low
    for ending, new in (("ises", "ise"), ("ised", "ise"), ("ising", "ise"), ("ies", "y"), ("ied", "y")):
        if low.endswith(ending):
            return low[: -len(ending)] + new
    for ending in ("ing", "ed", "s"):
        if low.endswith(ending) and len(low) > len(ending) + 2:
            return low[: -len(ending)]
    return low


@lru_cache(maxsize=50_000)
def is_verb_form(word: str) -> bool:
    """Whether `word` is a form of a known verb."""
    return lemma(word, "verb") in _tables()[1]["verb"] or word.lower() in _OWN_VERBS


@lru_cache(maxsize=50_000)
def is_noun_form(word: str) -> bool:
    """Whether `word` is a form of a known noun."""
    forms = _tables()[1]["noun"]
    return word.lower() in forms or lemma(word, "noun") in forms


@cache
def _function_words() -> frozenset[str]:
    return words("words.function_words")


@lru_cache(maxsize=50_000)
def is_ordinary(word: str) -> bool:
    """Whether `word` (of a title-case headline) is an ordinary English word, to be written small."""
    low = word.lower().strip("'’\"“”")
    if low in _function_words() or low.removesuffix("'s").removesuffix("’s") in _function_words():
        return True
    low = low.removesuffix("'s").removesuffix("’s")
    if "-" in low:
        return all(is_ordinary(part) for part in low.split("-") if part)
    forms = _tables()[1]
    if any(low in forms[pos] for pos in forms):
        return True
    return any(lemma(low, pos) in forms[pos] for pos in ("verb", "noun"))
