"""Corrections and retractions: an article that says so of itself, or of an earlier report that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from tocsin.records import Article, Membership

Amendment = Literal["correction", "retraction"]

_RETRACTED = re.compile(
    r"\b(?:RETRACT(?:ED|ION|S)|Retract(?:ed|ion|s)|retraction notice|STORY (?:REMOVED|WITHDRAWN|KILLED)|"
    r"(?i:(?:story|report|article|alert|headline)\s+(?:is|was|has been|have been)?\s*"
    r"(?:retracted|withdrawn|removed|taken down|killed))|"
    r"(?i:(?:has|have|had)\s+(?:retracted|withdrawn|removed|taken down)\s+(?:a|an|its|the|this|that|our)\s+"
    r"[\w\s-]{0,30}(?:story|report|article|alert))|"
    r"(?i:(?:retracts|withdraws)\s+(?:a\s+|an\s+|its\s+|the\s+)?[\w\s-]{0,30}(?:story|report|article|alert|claim))|"
    r"(?i:please\s+(?:disregard|ignore)\s+(?:the|this|our)\s+[\w\s-]{0,20}(?:story|report|article|alert))|"
    r"Nota retirada)\b|撤稿|撤回[^，。]{0,12}(?:报道|报導|報道|稿件|文章|消息)|"
    r"(?:报道|報導|稿件|文章)[^，。]{0,6}(?:撤回|撤销|撤銷|作废)"
)  # fmt: skip
_CORRECTED = re.compile(
    r"^\W*(?:CORRECT(?:ION|ED|S)|Correct(?:ion|ed|s)(?=\W)|Clarification|CLARIFICATION|Erratum|ERRATUM|"
    r"Editor['’]s note: (?:an earlier|this (?:story|article|report))|"
    r"(?:UPDATE \d-)?CORRECTED[-: ]|Rectificatif|Corrección|Fe de erratas|Berichtigung|Korrektur|更正|勘误|勘誤)|"
    r"[\[(](?:corrects|corrected|correction)\b|"
    r"(?i:an earlier version of this (?:story|article|report|headline))|"
    r"(?i:this (?:story|article|report) has been corrected)|"
    r"(?i:corrects? (?:the )?(?:figure|number|name|date|spelling|headline|paragraph|first paragraph))|"
    r"(?:更正|勘误|勘誤)(?:啟事|启事|声明|聲明)?[:：]",
    re.MULTILINE,
)
LEAD = 300


def amendment(article: Article) -> Amendment | None:
    """Whether `article` says in its title, lead or closing note that it corrects or takes back an earlier report."""
    told = f"{article.title}\n{article.text[:LEAD]}"
    if _RETRACTED.search(told):
        return "retraction"
    closing = article.text[-LEAD:] if len(article.text) > LEAD else ""
    return "correction" if _CORRECTED.search(f"{told}\n{closing}") else None


def withdrawn(memberships: Iterable[Membership]) -> dict[str, str]:
    """The articles that a retraction took the ground from, each with the retracting article.

    These are the retracted article and the copies of it; who merely cites it keeps a word of their own to take back.
    Of an article's memberships the last counts.
    """
    latest = {membership.article: membership for membership in memberships}
    groups: dict[str, str] = {}
    retracted: dict[str, str] = {}
    for membership in latest.values():
        if membership.amendment == "retraction" and membership.amends in latest:
            retracted[membership.amends] = membership.article
            groups[latest[membership.amends].copy_group] = membership.article
    takers = set(retracted.values())
    for membership in latest.values():
        if membership.copy_group in groups and membership.article not in takers:
            retracted.setdefault(membership.article, groups[membership.copy_group])
    return retracted
