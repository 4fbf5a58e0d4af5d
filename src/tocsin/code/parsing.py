"""Sentences as dependency trees: the pinned spaCy parser, fed with known names as single words.

A name of several words ("Ministry of National Defense") goes to the parser as one proper noun and comes back with its
own span, which makes trees truer and parsing cheaper. Offsets are those of the text that was given in, whatever words
the parser saw; words that a headline's rewriting put in have an empty span.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tocsin.code.gazetteer import Mention
from tocsin.code.lexicon import lexicon, noun_key
from tocsin.code.model_files import model_dir
from tocsin.code.words import american, lemma

_PLACED: list[str | int] = ["IDX", "LENGTH"]
_PARSED: list[str | int] = ["TAG", "DEP", "HEAD"]
"""What is read off spaCy's words, all at once: word by word it takes ten times as long."""
_BACKWARDS = 1 << 63
"""A head before its word is a negative distance, written as an unsigned number of 64 bits."""
LONGEST = 160
"""Words of one sentence that are parsed; what follows in a longer one is left alone."""


@dataclass(slots=True)
class Piece:
    """One word on its way to the parser: how it is written there, and which span of the text it stands for."""

    text: str
    start: int
    end: int
    mention: Mention | None = None


@dataclass(slots=True)
class Word:
    """One word of a tree. `head` and `kids` are positions in the tree; the root is its own head.

    `keys` are those of `nounphrases.keys`, once somebody asked for them.
    """

    text: str
    low: str
    lemma: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    mention: Mention | None = None
    kids: list[int] = field(default_factory=list)
    keys: tuple[str, ...] | None = None

    @property
    def is_verb(self) -> bool:
        return self.tag[0] == "V"

    @property
    def is_noun(self) -> bool:
        return self.tag[0] == "N" or self.tag in ("PRP", "WP", "CD", "DT", "WDT", "$")


Tree = list[Word]


@cache
def pipeline() -> Language:
    """The parser without the parts that tocsin does itself. Raises `ModelError` if it is not the pinned one."""
    return spacy.load(model_dir(), exclude=["ner", "lemmatizer", "senter", "attribute_ruler"])


def pieces(text: str, mentions: Sequence[Mention], offset: int = 0) -> list[Piece]:
    """The words of `text` (a sentence that begins at `offset`), each of `mentions` inside it as one word."""
    starts = {m.start - offset: m for m in mentions}
    out: list[Piece] = []
    until = -1
    for at, length in pipeline().make_doc(text).to_array(_PLACED).tolist():
        word = text[at : at + length]
        if at < until or word.isspace():
            continue
        found = starts.get(at)
        if found is not None:
            until = found.end - offset
            out.append(Piece(name_word(found), found.start, found.end, found))
            if at + length > until:
                _split_token(out, word, at, until, offset)
        else:
            out.append(Piece(word, offset + at, offset + at + length))
        if len(out) >= LONGEST:
            break
    return _hyphenated(out)


def _hyphenated(items: list[Piece]) -> list[Piece]:
    """ "test - fires" as one word where the rules know the verb or noun "test-fire"."""
    if not any(p.text == "-" for p in items):
        return items
    out: list[Piece] = []
    i = 0
    while i < len(items):
        part = items[i : i + 3]
        if len(part) == 3 and part[1].text == "-" and part[0].end == part[1].start and part[1].end == part[2].start:
            text = f"{part[0].text}-{part[2].text}"
            if not any(p.mention for p in part) and known_compound(text):
                out.append(Piece(text, part[0].start, part[2].end))
                i += 3
                continue
        out.append(items[i])
        i += 1
    return out


@lru_cache(maxsize=10_000)
def known_compound(text: str) -> bool:
    """Whether the rules know a hyphenated word."""
    rules = lexicon()
    return lemma(text, "verb") in rules.verbs or noun_key(text) in rules.nominals


def _split_token(out: list[Piece], text: str, at: int, until: int, offset: int) -> None:
    """A name that ends inside a word ("Putin-Kim"): what is left of the word is a word of its own."""
    rest = text[until - at :]
    if rest.strip("-–"):
        cut = len(rest) - len(rest.lstrip("-–"))
        if cut:
            out.append(Piece("-", offset + until, offset + until + cut))
        out.append(Piece(rest[cut:], offset + until + cut, offset + at + len(text)))


_FAMILIAR = {
    "country": ("China", "Russia", "Iran", "Israel", "France", "Japan"),
    "person": ("Clinton", "Bush", "Powell", "Blair"),
}
_FAMILIAR["capital"] = _FAMILIAR["palace"] = _FAMILIAR["country"]
"""Names that the parser has seen thousands of times: it reads "Nauru clinches" worse than "Japan clinches"."""


_SORTS = dict.fromkeys(("country", "capital", "palace"), "state") | dict.fromkeys(("org", "group"), "body")
_SORTS["person"] = "person"
"""Kinds of names that stand in a row with each other."""
_PARTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative"})


def name_word(mention: Mention) -> str:
    """The one word that a name goes to the parser as."""
    words = mention.text.split()
    familiar = _FAMILIAR.get(mention.kind)
    if familiar is not None and not (mention.kind == "palace" and len(words) > 2):
        return familiar[sum(map(ord, mention.key)) % len(familiar)]
    if len(words) == 1:
        return words[0]
    if mention.kind in ("role", "group", "org", "agency", "palace") and not any(w[:1].isupper() for w in words[1:]):
        return words[-1]
    last = next((w for w in reversed(words) if w[:1].isupper()), words[-1])
    return last[:1].upper() + last[1:]


def parse(sentences: Iterable[Sequence[Piece]]) -> list[Tree]:
    """One tree for every list of pieces, in order."""
    nlp = pipeline()
    lists = [list(sentence) for sentence in sentences]
    docs = (Doc(nlp.vocab, words=[p.text for p in items]) for items in lists if items)
    parsed = iter(nlp.pipe(docs, batch_size=64))
    return [_tree(next(parsed), items) if items else [] for items in lists]


def _tree(doc: Doc, items: list[Piece]) -> Tree:
    tree: Tree = []
    strings = doc.vocab.strings
    for i, (piece, (tags, deps, head)) in enumerate(zip(items, doc.to_array(_PARSED).tolist(), strict=True)):
        tag, low = strings[tags] or "XX", piece.text.lower()
        if tag[0] == "V":
            base = lemma(low, "verb")
        elif tag[0] == "N":
            base = lemma(low, "noun")
        else:
            base = american(low)
        at = i + (head if head < _BACKWARDS else head - 2 * _BACKWARDS)
        tree.append(Word(piece.text, low, base, tag, strings[deps], at, piece.start, piece.end, piece.mention))
    _mend(tree)
    for i, word in enumerate(tree):
        if word.head != i:
            tree[word.head].kids.append(i)
    return tree


def _mend(tree: Tree) -> None:
    """Two subjects side by side ("Taiwan opposition criticized") are one; names in a row hang on its first."""
    for i in range(len(tree) - 1):
        name, noun = tree[i], tree[i + 1]
        if name.dep == noun.dep == "nsubj" and name.head == noun.head and name.mention and not noun.mention:
            name.head, name.dep = i + 1, "compound"
    at = 0
    while at < len(tree):
        row = _row(tree, at)
        if len(row) > 1:
            _join(tree, row)
        at = row[-1] + 1


def _row(tree: Tree, first: int) -> list[int]:
    """Names of one sort from `first` on with commas or "and" between them: "Italy, Japan, Britain".

    Two with a comma are a row only where they open a sentence and its verb follows: "Kyiv, Budapest expel diplomats".
    """
    sort = _sort(tree, first)
    if sort is None:
        return [first]
    row, ended = [first], False
    while not ended:
        at = row[-1] + 1
        comma = at < len(tree) and tree[at].low == ","
        at += comma
        ended = at < len(tree) and tree[at].low in ("and", "&")
        at += ended
        if not (comma or ended) or _sort(tree, at) != sort:
            break
        row.append(at)
    countries = [mention.country for at in row if (mention := tree[at].mention)]
    if any(one and one == two for one, two in pairwise(countries)):  # "Beirut, Lebanon"
        return row[:1]
    pair = len(row) == 2 and first == 0 and not ended and _acts(tree, row[-1] + 1)
    return row if pair or len(row) > 2 else row[:1]


def _sort(tree: Tree, at: int) -> str | None:
    """Of which sort the name at a place is; none where there is no name, or only whose something is."""
    mention = tree[at].mention if at < len(tree) else None
    return None if mention is None or owns(tree, at) else _SORTS.get(mention.kind)


def owns(tree: Tree, at: int) -> bool:
    """Whether a name only says whose the next noun is: "'s" follows it."""
    return at + 1 < len(tree) and tree[at + 1].tag == "POS"


def _acts(tree: Tree, at: int) -> bool:
    """Whether a verb stands at a place and is no aside ("Ukraine, Russia said, shelled …")."""
    return at < len(tree) and tree[at].is_verb and not (at + 1 < len(tree) and tree[at + 1].low == ",")


def _join(tree: Tree, row: Sequence[int]) -> None:
    """Hang the names of a row on the first, which takes the place of the one that the parser gave a part to.

    A later name that has a part of its own begins another clause ("after Russia hit Ukraine, Poland and Latvia …"),
    but for that of the noun over the first: "the leaders of Japan, Korea and Chile met".
    """
    first, others = tree[row[0]], [at for at in row[1:] if tree[at].dep in _PARTS and tree[at].head not in row]
    placed = first.dep in _PARTS and first.head not in row
    if placed and others:
        over = tree[tree[first.head].head]
        alike = all((tree[at].dep, tree[at].head) == (over.dep, over.head) for at in others)
        if first.dep != "pobj" or not over.is_noun or not alike:
            return
    lead = row[0] if placed else next(iter(others), None)
    if lead is None or (not placed and len({tree[at].head for at in others}) > 1):
        return
    above = [tree[lead].head]
    while tree[above[-1]].head != above[-1] and len(above) <= len(tree):
        above.append(tree[above[-1]].head)
    if not set(above).isdisjoint(row):
        return
    first.head, first.dep = tree[lead].head, tree[lead].dep
    for at in row[1:]:
        tree[at].head, tree[at].dep = row[0], "conj"


def kids(tree: Tree, at: int, *deps: str) -> list[int]:
    """The children of a word that hang on it by one of `deps`, in order."""
    found = tree[at].kids
    return [k for k in found if tree[k].dep in deps] if found else []


def subtree(tree: Tree, at: int, stop: frozenset[str] = frozenset()) -> list[int]:
    """The positions under a word, itself included, in order; branches that hang by one of `stop` are left out."""
    found, todo = [at], [at]
    while todo:
        for k in tree[todo.pop()].kids:
            if tree[k].dep not in stop:
                found.append(k)
                todo.append(k)
    return sorted(found)
