"""One spelling for each address: what tracking, sessions and habits add to it is taken away."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Whole names, so that none takes an article's own id ("msid", "gid") for a click's
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ttclid|twclid|igshid|igsh|li_fat_id|srsltid|s_kwcid"
    r"|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok|oly_\w+_id|vero_\w+|ref_?src|ref_?url|cmpid|ncid|ocid|sr_share|smid|smtyp"
    r"|xtor|at_(?:medium|campaign|custom\d*|link\w*|ptr\w*|bbc\w*|format)|ito|__twitter_impression|spm|from_source|guccounter"
    r"|guce_\w+|taid|cvid|traffic_source|feedtype|wt\.\w+|phpsessid|jsessionid",
    re.IGNORECASE,
)
_CHANNELS = frozenset({"cmp", "partner", "rss"})  # tracking where they name a channel; a number may be an article's
_SESSION = re.compile(r"(?=.*\d)[0-9A-Za-z]{20,}")  # what a "sid" is that numbers no story
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonical(url: str, base: str = "") -> str:
    """`url` made absolute against `base`, in one spelling (RFC 3986 section 6.2), without tracking and fragment.

    An address that cannot be taken apart is given back as it is.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if not parts.scheme or not parts.netloc:
        return url.strip()
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".").lower()
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}.get(scheme):
        netloc += f":{port}"
    stated = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in stated if not _is_tracking(name.lower(), value)]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    path = re.sub(r";jsessionid=[^/?#]*", "", _folded(_percent(parts.path)), flags=re.IGNORECASE) or "/"
    return urlunsplit((scheme, netloc, path, query, ""))


def _is_tracking(name: str, value: str) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    return (name in _CHANNELS and not value.isdigit()) or (name == "sid" and _SESSION.fullmatch(value) is not None)


def _folded(path: str) -> str:
    """A path without its dot segments (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join([*kept, ""] if path.endswith(("/.", "/..")) else kept)


def _percent(path: str) -> str:
    """Decode the escapes that need none, write the others in upper case."""

    def decode(match: re.Match[str]) -> str:
        char = chr(int(match.group(1), 16))
        return char if char in _UNRESERVED else match.group().upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", decode, path)
