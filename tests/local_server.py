"""A small scripted HTTP server on 127.0.0.1 for tests.

    with LocalServer() as server:
        server.on("/feed", Reply(body='{"jobs": []}'), Reply(status=503))
        ... f"{server.url}/feed" ...
        assert server.paths() == ["/feed"]

A path is scripted with its query (`/feed?page=1`) or without (any query); several replies are
given one after another, the last one for ever. What is not scripted answers 404.
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Reply:
    """One scripted reply.

    cut:      bytes of the body really sent; Content-Length still states all of them
    unlength: leave Content-Length out, so that only the closed connection ends the body
    etag:     sent, and answered with 304 when the client names it
    """

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    unlength: bool = False
    gzip: bool = False
    etag: str = ""
    modified: str = ""


def as_json(value: Any, **how: Any) -> Reply:
    """Return a reply whose body is a value as JSON."""
    headers = {"Content-Type": "application/json; charset=utf-8", **how.pop("headers", {})}
    return Reply(body=json.dumps(value), headers=headers, **how)


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    path: str
    headers: dict[str, str]


Script = Callable[[Asked], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong in a script; a client that hung up is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class LocalServer:
    """Serves scripted replies until closed and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply] | Script] = {}
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def on(self, path: str, *replies: Reply) -> None:
        """Answer a path with these replies in turn, the last one for ever."""
        self._replies[path] = list(replies)

    def call(self, path: str, script: Script) -> None:
        """Answer a path with what a function makes of the request."""
        self._replies[path] = script

    def down(self, path: str, status: int = 503) -> None:
        """Answer a path, or everything under a prefix that ends in *, with an error for ever."""
        self.on(path, Reply(status=status))

    def paths(self) -> list[str]:
        """Return what was asked, in order, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def _reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            prefixes = [key for key in self._replies if key.endswith("*")]
            matching = [key for key in prefixes if asked.path.startswith(key[:-1])]
            for key in (asked.path, asked.path.partition("?")[0], *matching):
                script = self._replies.get(key)
                if callable(script):
                    break
                if script:
                    return script.pop(0) if len(script) > 1 else script[0]
            else:
                return Reply(status=404, body="Not Found")
        return script(asked)  # without the lock: requests that come at once are answered at once

    def _handler(server: LocalServer) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each reply waits 40 ms for the client

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = server._reply(Asked(unquote(self.path), headers))
                same_tag = reply.etag and headers.get("if-none-match") == reply.etag
                same_day = reply.modified and headers.get("if-modified-since") == reply.modified
                if same_tag or same_day:
                    reply = Reply(status=304, etag=reply.etag, modified=reply.modified)
                self._send(reply)

            def _send(self, reply: Reply) -> None:
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                body = gzip.compress(body) if reply.gzip else body
                self.send_response(reply.status)
                stated = {
                    "Content-Length": "" if reply.unlength else str(len(body)),
                    "Content-Encoding": "gzip" if reply.gzip else "",
                    "ETag": reply.etag,
                    "Last-Modified": reply.modified,
                    **reply.headers,
                }
                for name, value in stated.items():
                    if value:
                        self.send_header(name, value)
                if reply.cut is not None or reply.unlength:
                    self.send_header("Connection", "close")
                    self.close_connection = True
                self.end_headers()
                try:
                    self.wfile.write(body[: reply.cut])
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client had enough: that is what a test tests

            def log_message(self, *_: object) -> None:
                """Keep the test output clean."""

        return Handler


class RawServer:
    """Answers each connection with what a function writes to its socket, one thread apiece.

    For what an HTTP library would never send: `script(connection, asked)` is called once per
    request, with the bytes of its header block, until it or the client hangs up.
    """

    def __init__(self, script: Callable[[socket.socket, bytes], None]) -> None:
        self._script = script
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> RawServer:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # closed
                return
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            asked = b""
            try:
                while part := connection.recv(65536):
                    asked += part
                    if asked.endswith(b"\r\n\r\n"):
                        self._script(connection, asked)
                        asked = b""
            except OSError:
                return  # the client hung up: that is what a test tests
