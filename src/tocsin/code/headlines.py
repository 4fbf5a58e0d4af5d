"""Headlines made into sentences a parser knows: true case, past tense, "to VERB", commas that mean "and".

Every step keeps the place of each word in the headline; words put in ("was", "will") have an empty span. Where tense
is open, two readings are offered and the better-formed parse is taken (`best`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from tocsin import data
from tocsin.code.actors import sector_of
from tocsin.code.parsing import Piece, Tree, kids
from tocsin.code.speakers import SAY, bare, finite, speaker
from tocsin.code.wordlists import words
from tocsin.code.words import american, is_noun_form, is_ordinary, is_verb_form, lemma

_NO_WILL = words("headlines.no_will")
_CLAUSE_END = frozenset({";", "|", "—", "–"})


@dataclass(slots=True)
class Clause:
    """One clause of a headline, and the span of whoever the headline says it comes from."""

    pieces: list[Piece] = field(default_factory=list)
    speaker: tuple[int, int] | None = None


@cache
def _past_forms() -> dict[str, str]:
    """Past tense by base form, for the irregular verbs (`data/lexicon/past.txt`)."""
    lines = data.text("lexicon/past.txt").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def past(base: str) -> str:
    """The past tense of a verb's base form."""
    irregular = _past_forms().get(base)
    if irregular:
        return irregular
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and len(base) > 2 and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def title_case(items: Sequence[Piece]) -> bool:
    """Whether a headline is written With Capitals Throughout, so that capitals tell nothing."""
    words = [p.text for p in items if p.mention is None and p.text[:1].isalpha() and len(p.text) > 3]
    capital = sum(w[0].isupper() for w in words[1:])
    return len(words) > 1 and capital >= 0.6 * len(words[1:])


def true_case(items: Sequence[Piece]) -> None:
    """Write the ordinary words of a title-case or all-capitals headline small, in place."""
    titled = title_case(items)
    letters = [p for p in items if p.text[:1].isalpha() and p.mention is None]
    shouting = bool(letters) and sum(p.text.isupper() and len(p.text) > 1 for p in letters) > 0.6 * len(letters)
    for _at, piece in enumerate(items):
        if piece.mention is not None or not piece.text[:1].isalpha():
            continue
        if (
            piece.text.isupper()
            and len(piece.text) > 1
            and not (shouting or (is_ordinary(piece.text) and len(piece.text) > 4))
        ):
            continue
        if (titled or shouting) and is_ordinary(piece.text):
            piece.text = piece.text.lower()
        elif shouting:
            piece.text = piece.text.capitalize()


def clauses(items: Sequence[Piece], text: str) -> list[Clause]:
    """The clauses of a headline, with its "X: …" and "…, X says" turned into speakers."""
    items = list(items)
    told_by, items, topic = speaker(items)
    out = [Clause(part, told_by) for part in _split(items) if part]
    if topic:
        out.append(Clause(topic, None))
    return out


def _split(items: list[Piece]) -> list[list[Piece]]:
    """Clauses parted by a semicolon, a dash or "as" between two clauses."""
    parts: list[list[Piece]] = [[]]
    for i, piece in enumerate(items):
        low = piece.text.lower()
        if (
            piece.text in _CLAUSE_END
            or (piece.text in ("-", "--") and i > 0 and items[i - 1].end < piece.start)
            or (low == "as" and len(parts[-1]) > 2 and finite(parts[-1]) and finite(items[i + 2 :]))
        ):
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def readings(items: Sequence[Piece]) -> list[list[Piece]]:
    """The ways to read a clause: as it stands, and with present tense turned to past and passives filled in."""
    plain = _joined(items)
    rewritten = _tense(plain)
    return [rewritten, plain] if [p.text for p in rewritten] != [p.text for p in plain] else [plain]


def _joined(items: Sequence[Piece]) -> list[Piece]:
    """Commas between two names, or before a second verb, as "and"; "to VERB" as "will VERB"."""
    out = [Piece(p.text, p.start, p.end, p.mention) for p in items]
    seen_verb = False
    for i, piece in enumerate(out):
        following = out[i + 1] if i + 1 < len(out) else None
        before = out[i - 1] if i else None
        if piece.text == "," and following is not None and before is not None:
            if _listed(before, following) and i + 2 < len(out) and out[i + 2].text != ",":
                piece.text = "and"
            elif following.mention is None and _third_person(following.text) and (seen_verb or finite(out[:i])):
                piece.text = "and"
                seen_verb = False
        elif piece.text.lower() == "to" and following is not None and before is not None and bare(following.text):
            low = before.text.lower()
            open_subject = not seen_verb or low in (",", "and")
            if low in SAY or (open_subject and low not in _NO_WILL and not _verbish(before)):
                piece.text = "will"
                seen_verb = True
        elif piece.text == "&":
            piece.text = "and"
        elif piece.mention is None and i and is_verb_form(piece.text) and not piece.text.lower().endswith("ing"):
            seen_verb = seen_verb or _third_person(piece.text) or piece.text.lower() in ("will", "may", "could", "told")
    return out


def _listed(before: Piece, following: Piece) -> bool:
    """Whether a comma joins two names of a list ("Italy, Spain") rather than setting off an apposition."""
    able = ("country", "capital", "palace", "person", "org", "group")
    if following.mention is None and before.mention is not None and before.mention.kind in able:
        return following.text[:1].isupper() and not is_ordinary(following.text)
    if following.mention is None or following.mention.kind not in able:
        return before.mention is not None and before.mention.kind == "demonym" and following.mention is not None
    if before.mention is not None:
        return before.mention.kind in (*able, "demonym")
    return is_noun_form(before.text) and following.mention.kind != "person"


_NEVER_VERBS = words("headlines.never_verbs") - {
    "talks",
    "drills",
    "shells",
    "arms",
    "forces",
    "sanctions",
    "ships",
    "ties",
    "states",
}


def _verbish(piece: Piece) -> bool:
    low = piece.text.lower()
    return piece.mention is None and (low.endswith(("ed", "ing")) or _third_person(low)) and is_verb_form(low)


@lru_cache(maxsize=10_000)
def _third_person(word: str) -> bool:
    low = word.lower()
    if low in _NEVER_VERBS or (sector_of([low]) is not None and low not in ("backs", "heads", "leads")):
        return False
    return low.endswith("s") and not low.endswith("ss") and is_verb_form(low) and lemma(low, "verb") != low


def _tense(items: Sequence[Piece]) -> list[Piece]:
    """The first verb after a subject in each stretch put in the past; a bare participle given its "was"."""
    out: list[Piece] = []
    subject = done = False
    for i, piece in enumerate(items):
        low = piece.text.lower()
        following = items[i + 1] if i + 1 < len(items) else None
        if piece.text in (",", ";") or low in ("and", "but", "as", "after", "while", "before", "that"):
            if low != "and" or (following is not None and _third_person(following.text) and following.mention is None):
                done = False
            out.append(piece)
            continue
        verb = piece.mention is None and subject and not done and is_verb_form(low)
        if verb and low in (
            "will",
            "may",
            "could",
            "should",
            "must",
            "would",
            "can",
            "is",
            "are",
            "was",
            "were",
            "has",
            "have",
            "be",
        ):
            done = True
        elif verb and low == "to":
            pass
        elif verb and ((_third_person(low) and _is_verb_here(items, i)) or _moves(items, i)):
            out.append(Piece(past(lemma(low, "verb")), piece.start, piece.end))
            done = True
            continue
        elif verb and _participle(low) and _passive_here(low, following):
            plural = bool(out) and out[-1].text.lower().endswith("s") and out[-1].mention is None
            out.append(Piece("were" if plural else "was", piece.start, piece.start))
            done = True
        elif verb and bare(low) and not low.endswith("ed") and _plural_before(items, i):
            out.append(Piece(past(low), piece.start, piece.end))
            done = True
            continue
        subject = subject or piece.mention is not None or piece.text[:1].isalnum()
        out.append(piece)
    return out


def _is_verb_here(items: Sequence[Piece], at: int) -> bool:
    """Whether a form such as "strikes" is the verb: not if a plainer verb follows its noun reading directly."""
    if not is_noun_form(items[at].text):
        return True
    following = items[at + 1] if at + 1 < len(items) else None
    if following is None:
        return False
    low = following.text.lower()
    if following.mention is None and (
        (bare(low) and not is_noun_form(low)) or low in ("will", "are", "were", "have", "to", "may", "could")
    ):
        return False
    if (
        following.mention is None
        and low in ("in", "on", "at", "of", "between", "near")
        and any(finite([p]) for p in items[at + 1 :])
    ):
        rest = [p.text.lower() for p in items[at + 1 :] if p.mention is None]
        return not any((bare(w) and not is_noun_form(w)) or w in ("kill", "hit", "injure", "end") for w in rest)
    return not (
        following.mention is None and low in ("kill", "hit", "leave", "target", "strike", "spark", "cause", "wound")
    )


_MOVES = frozenset({"jets", "ships", "arms", "shells", "forces"})


def _moves(items: Sequence[Piece], at: int) -> bool:
    """Whether a word that is mostly a noun is the verb after all: "Modi jets to Tokyo", "Turkey shells post"."""
    before, rest = items[at - 1] if at else None, items[at + 1 :]
    if items[at].text.lower() not in _MOVES or before is None or before.mention is None or not rest:
        return False
    if before.mention.kind not in ("country", "capital", "person", "org", "group"):
        return False
    low = rest[0].text.lower()
    if rest[0].mention is None and (
        low in ("and", ",", "in", "near", "off", "on", "at", "around") or _verbish(rest[0])
    ):
        return False
    return not any(p.mention is None and is_verb_form(p.text) and not is_noun_form(p.text) for p in rest)


def _participle(low: str) -> bool:
    base = lemma(low, "verb")
    return (is_verb_form(low) and base not in (low, american(low)) and not low.endswith(("ing", "s"))) or low in (
        "hit",
        "cut",
        "shut",
    )


def _passive_here(participle: str, following: Piece | None) -> bool:
    """Whether what follows a participle leaves it without an object: "held in", "accused of"."""
    if following is None:
        return True
    if following.mention is not None:
        return False
    low = following.text.lower()
    return low in words("headlines.passive_here") or (low == "of" and participle in words("headlines.passive_of"))


def _plural_before(items: Sequence[Piece], at: int) -> bool:
    before = items[at - 1] if at else None
    if before is None:
        return False
    if before.mention is not None and before.mention.kind == "group":
        rest = [p for p in items if p is not items[at] and p.mention is None]
        return not any(_third_person(p.text) for p in rest)
    if before.mention is not None:
        return any(p.text in ("and", ",", "&") for p in items[:at])
    low = before.text.lower()
    if low in ("police", "people", "troops", "men", "women", "forces", "u.s.", "us"):
        return True
    return (
        low.endswith("s")
        and not low.endswith(("'s", "ss"))
        and is_noun_form(low)
        and low not in ("us", "as", "was", "is")
    )


def best(trees: Sequence[Tree]) -> Tree:
    """The better-formed of several parses of one headline: a finite verb at the root with a subject, no left-overs."""
    return max(trees, key=_form) if len(trees) > 1 else trees[0]


def _form(tree: Tree) -> float:
    score = 0.0
    for i, word in enumerate(tree):
        if word.head == i:
            score += (
                2.0
                if word.tag in ("VBD", "VBZ", "VBP", "MD") or (word.is_verb and kids(tree, i, "aux", "auxpass"))
                else 0.0
            )
            score += 1.0 if word.is_verb and kids(tree, i, "nsubj", "nsubjpass") else 0.0
        score -= 0.5 if word.dep in ("dep", "meta") else 0.0
        score -= (
            0.4
            if word.dep in ("compound", "nmod", "amod") and word.is_verb and word.tag != "VBG" and word.tag != "VBN"
            else 0.0
        )
    return score


_MARKUP = re.compile(
    r"<[^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,6});|[\x00-\x08\x0b\x0c\x0e-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def blank_markup(text: str) -> str:
    """`text` with left-over markup and control characters as blanks, code point for code point."""
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)
