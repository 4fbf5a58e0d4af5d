"""Telling by e-mail that there is a warning: a link and nothing else, because mail is read by others on its way.

    [mail]
    server = "smtp.newsroom.example"
    port = 587                                  # by default, with STARTTLS; 465 is TLS from the beginning
    sender = "tocsin@newsroom.example"
    to = ["desk@newsroom.example"]
    link = "https://tocsin.newsroom.example"    # where the pages are served
    user = "tocsin"                             # if the server asks
    password_file = "mail.password"             # a file beside tocsin.toml
    encrypted = true                            # false only for a server on this machine

The link leads to the warning's page, behind the login. The mail says neither what the warning is about nor how grave
it is. Settings: Internet Message Format (RFC 5322), SMTP (RFC 5321), STARTTLS (RFC 3207).
"""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tocsin.config import ConfigError, Workspace
from tocsin.records import Warning, Watch
from tocsin.share.gate import is_loopback

PATIENCE = 20.0
TLS_FROM_THE_BEGINNING = 465


class Mail(BaseModel):
    """The table `[mail]` of `tocsin.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str
    port: int = Field(587, ge=1, le=65535)
    sender: str
    to: tuple[str, ...] = Field(min_length=1)
    link: str
    user: str = ""
    password_file: Path | None = None
    encrypted: bool = True

    @field_validator("sender", "to")
    @classmethod
    def _are_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for one in (value,) if isinstance(value, str) else value:
            if "@" not in one or not one.isprintable() or any(char in one for char in " ,;<>"):
                raise ValueError(f"{one!r} is not an e-mail address")
        return value

    @field_validator("link")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or not value.isprintable():
            raise ValueError("link is where the pages are served, as https://…")
        return value.rstrip("/")


class MailNotifier:
    """Tells everybody in `[mail]` of a warning, by a link. A server that fails is a line on standard error: the
    warning is stored all the same."""

    def __init__(self, settings: Mail, password: str) -> None:
        self._settings, self._password = settings, password

    @classmethod
    def of(cls, workspace: Workspace) -> MailNotifier:
        """The notifier of a workspace. Raises `ConfigError`."""
        if not workspace.mail:
            raise ConfigError('a watch tells "mail", but tocsin.toml has no table [mail] that says how.')
        try:
            settings = Mail.model_validate(workspace.mail)
            file = settings.password_file
            password = (workspace.root / file).read_text(encoding="utf-8").strip() if file else ""
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigError(f"[mail] in tocsin.toml: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"the mail password cannot be read: {error}.") from None
        if not settings.encrypted and not is_loopback(settings.server):
            raise ConfigError("[mail] in tocsin.toml: only a server on this machine may go unencrypted.")
        return cls(settings, password)

    def __call__(self, watch: Watch, warning: Warning) -> None:
        """Send the mail."""
        message = self.message(warning)
        try:
            with self._session() as session:
                session.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            print(f"tocsin: the mail about {warning.id} was not sent: {error}", file=sys.stderr)

    def message(self, warning: Warning) -> EmailMessage:
        """The mail about a warning: the same for every warning, apart from the link."""
        made = EmailMessage()
        made["From"], made["To"] = self._settings.sender, ", ".join(self._settings.to)
        made["Subject"] = "tocsin: there is something to read"
        made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain=self._settings.sender.partition("@")[2])
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(f"{self._settings.link}/warnings/{quote(warning.id, safe='')}\n")
        return made

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        known, trust = self._settings, ssl.create_default_context()
        if known.encrypted and known.port == TLS_FROM_THE_BEGINNING:
            session: smtplib.SMTP = smtplib.SMTP_SSL(known.server, known.port, timeout=PATIENCE, context=trust)
        else:
            session = smtplib.SMTP(known.server, known.port, timeout=PATIENCE)
        with session:
            if known.encrypted and known.port != TLS_FROM_THE_BEGINNING:
                session.starttls(context=trust)
            if known.user:
                session.login(known.user, self._password)
            yield session
