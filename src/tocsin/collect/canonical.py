"""One spelling for each address: what tracking, sessions and habits add to it is taken away."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|gc|ds|ms|yt|ttc?|tw|igs?h|li_fat_|mc_|wbra|gbra|dcl|s_kw|srslt)l?id|fbclid|gclid|msclkid|igshid|igsh"
    r"|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok|oly_\w+_id|vero_\w+|ref_?src|ref_?url|cmpid|cmp|ncid|ocid|sr_share|smid|smtyp"
    r"|xtor|at_(?:medium|campaign|custom\d*|link\w*|ptr\w*|bbc\w*|format)|ito|__twitter_impression|spm|from_source|guccounter"
    r"|guce_\w+|taid|cvid|traffic_source|partner|feedtype|rss|source=rss|wt\.\w+|phpsessid|jsessionid|sid",
    re.IGNORECASE,
)
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
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    path = re.sub(r";jsessionid=[^/?#]*", "", _percent(parts.path), flags=re.IGNORECASE) or "/"
    return urlunsplit((scheme, netloc, path, query, ""))


def _percent(path: str) -> str:
    """Decode the escapes that need none, write the others in upper case."""

    def decode(match: re.Match[str]) -> str:
        char = chr(int(match.group(1), 16))
        return char if char in _UNRESERVED else match.group().upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", decode, path)
