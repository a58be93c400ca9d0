"""A webhook receiver and a mail server on 127.0.0.1, for tests of what is told.

with Receiver() as receiver:
    ... receiver.url ...             # json://127.0.0.1:port/hook
    assert receiver.titles() == ["jobmarket: ..."]
"""

from __future__ import annotations

import json
import socket
import time
from email import message_from_string
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Receiver:
    """Takes JSON by POST and keeps it; `status` is its answer, `delay` the seconds until then."""

    def __init__(self, status: int = 200, delay: float = 0.0) -> None:
        self.status, self.delay = status, delay
        self.messages: list[dict[str, Any]] = []
        self.paths: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(receiver.delay)
                receiver.paths.append(self.path)
                if receiver.status == 200:
                    receiver.messages.append(json.loads(body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"json://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> Receiver:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def titles(self) -> list[str]:
        """Return the titles of what came, in order."""
        return [one["title"] for one in self.messages]

    def wait(self, count: int = 1, seconds: float = 30) -> None:
        """Wait until so many messages came."""
        until = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < until, f"{len(self.messages)} of {count} messages came"
            time.sleep(0.05)


class MailServer:
    """Takes one mail as an SMTP server would, and keeps it with how the sender logged in."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.login = ""
        self.mail = Message()

    def __enter__(self) -> MailServer:
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rw", newline="\r\n", encoding="utf-8") as lines:

            def say(words: str) -> None:
                lines.write(f"{words}\r\n".replace("\r\n", "\n"))
                lines.flush()

            say("220 here")
            for line in lines:
                match line.split()[0].upper():
                    case "EHLO":
                        say("250-here\r\n250 AUTH PLAIN")
                    case "AUTH":
                        self.login = line.split()[-1]
                        say("235 welcome")
                    case "DATA":
                        say("354 go on")
                        text = "".join(iter(lines.readline, ".\r\n"))
                        self.mail = message_from_string(text.replace("\r\n", "\n"))
                        say("250 taken")
                    case "QUIT":
                        say("221 bye")
                        return
                    case _:
                        say("250 so be it")
