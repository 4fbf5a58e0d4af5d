"""An HTTP response as an archive keeps it: its status, its type, and its body freed of the codings it was sent in."""

from __future__ import annotations

from dataclasses import dataclass

from fastwarc.warc import WarcRecord, WarcRecordType

CODINGS = ("all", "transfer", "none")  # what is undone; less where an archive kept a header of what it had undone


@dataclass(frozen=True, slots=True)
class Response:
    """`status` None: none stated; an empty `media_type`: none stated; `damage` where the body cannot be decoded."""

    status: int | None
    media_type: str
    body: bytes
    damage: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it answered with the document asked for (RFC 9110: 200, or 203 by way of a proxy)."""
        return self.status in (None, 200, 203)


def parse_response(content: bytes, largest: int) -> Response:
    """Header and body of `content`, which begins with a status line; at most `largest` bytes of the decoded body.

    A body that begins as markup does, against a header that calls it compressed or chunked, is taken as it is.
    """
    damage = ""
    for coding in CODINGS:
        record = WarcRecord()
        record.init_headers(WarcRecordType.response)
        record.set_bytes_content(content)
        record.is_http = True
        try:
            record.parse_http(auto_decode=coding, quirks_mode=True)  # type: ignore[arg-type]
            body = record.reader.read(largest)
        except (OSError, ValueError, RuntimeError) as error:
            damage = damage or f"its content is damaged: {' '.join(str(error).split())}"
            continue
        status = record.http_headers.status_code if record.http_headers is not None else None
        media_type = record.http_content_type or ""
        if not damage or body.lstrip()[:1] == b"<":
            return Response(status, media_type, body)
        if coding == "none":
            return Response(status, media_type, b"", damage)
    return Response(None, "", b"", damage)
