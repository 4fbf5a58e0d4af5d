"""Mail says that there is something to read, and where; nothing else."""

from __future__ import annotations

import socketserver
import threading
import tomllib
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from tocsin.cli.mail import MailNotifier
from tocsin.cli.notify import GROUP, teller
from tocsin.config import ConfigError, Workspace
from tocsin.records import Warning, Watch

WATCH = Watch(name="secret-strait", title="Secret Strait", question="?", tell=("mail",))
WARNING = Warning(
    watch="secret-strait", detector="surge", opened=date(2023, 4, 8), as_of=date(2023, 4, 8), level="warning",
    title="Surge: vessels", summary="Eight vessels.", confidence="high", confidence_reason="two", departures=("d",),
)  # fmt: skip


class Smtp(socketserver.ThreadingTCPServer):
    """A mail server that takes one mail after another."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[bytes] = []
        self.to: list[str] = []
        self.refuses = False


class _Session(socketserver.StreamRequestHandler):
    server: Smtp

    def handle(self) -> None:
        self._say("220 here")
        for line in self.rfile:
            word = line.decode().strip()
            verb = word.upper()
            if verb.startswith("DATA"):
                self._say("354 go on")
                lines = []
                for part in self.rfile:
                    if part == b".\r\n":
                        break
                    lines.append(part)
                self.server.mails.append(b"".join(lines))
            if verb.startswith("RCPT"):
                if self.server.refuses:
                    self._say("550 nobody here")
                    continue
                self.server.to.append(word.partition("<")[2].rstrip(">"))
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture(autouse=True)
def _as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notifiers that this tree declares, whichever tree is installed."""
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]["entry-points"]
    declared = [EntryPoint(name, value, GROUP) for name, value in told[GROUP].items()]
    monkeypatch.setattr("tocsin.cli.notify.entry_points", lambda group: declared)


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    server = Smtp()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def a_workspace(smtp: Smtp | None, **more: Any) -> Workspace:
    mail = {
        "server": "127.0.0.1",
        "port": smtp.server_address[1] if smtp else 1,
        "encrypted": False,
        "sender": "tocsin@home.example",
        "to": ["desk@home.example", "ada@home.example"],
        "link": "https://tocsin.home.example/",
    }
    return Workspace(root=Path(), mail=mail | more)


def test_a_mail_holds_a_link_and_no_word_of_what_it_is_about(smtp: Smtp) -> None:
    teller([WATCH], a_workspace(smtp))(WATCH, WARNING)
    message = message_from_bytes(smtp.mails[0], policy=policy.default)
    assert message.get_content().strip() == f"https://tocsin.home.example/warnings/{WARNING.id}"
    assert smtp.to == ["desk@home.example", "ada@home.example"]
    said = smtp.mails[0].decode().lower()
    assert not any(word in said for word in ("strait", "surge", "vessels", "eight", "2023", "level: warning"))


@pytest.mark.parametrize("fault", ["away", "refuses"])
def test_a_mail_server_that_fails_stops_nothing(smtp: Smtp, capsys: pytest.CaptureFixture[str], fault: str) -> None:
    smtp.refuses = True
    teller([WATCH], a_workspace(smtp if fault == "refuses" else None))(WATCH, WARNING)
    said = capsys.readouterr().err
    assert said.startswith(f"tocsin: the mail about {WARNING.id} was not sent: ")
    assert smtp.mails == []


@pytest.mark.parametrize(
    ("more", "says"),
    [({"server": "smtp.example.org"}, "unencrypted"), ({"to": []}, "mail.* to"), ({"to": ["x"]}, "not an e-mail"),
     ({"sender": "a@b\r\nBcc: c@d"}, "not an e-mail"), ({"link": "javascript:x"}, "link"), ({"port": 0}, "port"),
     ({"password_file": "nowhere"}, "password"), ({"colour": 1}, "colour")],
)  # fmt: skip
def test_what_is_wrong_with_the_settings_is_said(more: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        MailNotifier.of(a_workspace(None, **more))


def test_a_watch_that_tells_mail_needs_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"no table \[mail\]"):
        teller([WATCH], Workspace(root=Path()))


def test_an_encrypted_session_is_begun_before_anything_is_said(smtp: Smtp, capsys: pytest.CaptureFixture[str]) -> None:
    """The server here knows no STARTTLS: then nothing is sent."""
    teller([WATCH], a_workspace(smtp, encrypted=True))(WATCH, WARNING)
    assert "was not sent" in capsys.readouterr().err
    assert smtp.mails == []
