"""A web server and an SFTP server on this machine, as a department might have them."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class WebPlace:
    """A web server, and what it answers: a function of a request, by path."""

    port: int = 0
    answers: dict[str, Callable[["Request"], Reply]] = field(default_factory=dict)
    asked: list["Request"] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Request:
    """What was asked of the web server."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@contextmanager
def web_server() -> Iterator[WebPlace]:
    """A started web server."""
    place = WebPlace()

    class Web(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body)
            place.asked.append(request)
            status, headers, content = place.answers.get(parts.path, _nothing)(request)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    place.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield place
    server.shutdown()
    server.server_close()


def _nothing(_: Request) -> Reply:
    return 404, {}, b""


@dataclass(frozen=True)
class SftpPlace:
    """An SFTP server that lets one user in, by password."""

    port: int
    served: Path
    fingerprint: str
    public_key: str
    known_hosts: Path

    @property
    def address(self) -> str:
        return f"sftp://hedui:s%40cret@127.0.0.1:{self.port}"


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpPlace]:
    """A started SFTP server, which serves a folder below ``folder``."""
    import asyncssh  # takes a second, which every process that collects tests would pay

    class OneUser(asyncssh.SSHServer):  # type: ignore[misc]
        """Lets one login in."""

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("hedui", "s@cret")

    served, known = folder / "served", folder / "known_hosts"
    (served / "out").mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=OneUser,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(served).encode()),
        )

    listener = loop.run_until_complete(listen())
    threading.Thread(target=loop.run_forever, daemon=True).start()
    port = listener.get_port()
    public = key.export_public_key().decode()
    known.write_text(f"[127.0.0.1]:{port} {public}", encoding="utf-8")
    yield SftpPlace(port, served, key.get_fingerprint(), public, known)
    loop.call_soon_threadsafe(loop.stop)
