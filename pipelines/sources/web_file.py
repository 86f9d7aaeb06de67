"""A file on a web server, streamed to a place aside. A transfer that broke off goes on where the file is the same."""

from pathlib import Path

import httpx

from pipelines.sources.source_error import SourceError
from pipelines.sources.web import MISSING, WebServer, in_bounds


def download(server: WebServer, path: str, aside: Path, most_bytes: int, *, may_lack_length: bool = False) -> bool:
    """Bring a file to ``aside``, whole; False where the server has none. Raises SourceError."""
    mark = _mark_of(aside)

    def take(answer: httpx.Response) -> bool:
        if answer.status_code in MISSING:
            return False
        if answer.status_code == 416:
            mark.unlink(missing_ok=True)
            raise httpx.ReadError("the file has become shorter than what was read of it")
        held = _held(aside, mark) if answer.status_code == 206 else 0
        if answer.status_code == 206 and not answer.headers.get("Content-Range", "").startswith(f"bytes {held}-"):
            mark.unlink(missing_ok=True)
            raise httpx.ReadError("another part of the file came")
        _must_be_a_file(answer, may_lack_length=may_lack_length)
        if not held:
            mark.write_text(_mark_in(answer), encoding="utf-8")
        with aside.open("r+b" if held else "wb") as target:
            target.seek(held)
            for block in in_bounds(answer, most_bytes, held):
                target.write(block)
        return True

    found = server.asked(path, take, headers=lambda: _going_on(aside, mark))
    mark.unlink(missing_ok=True)
    return found


def is_there(server: WebServer, path: str) -> bool:
    """Whether the server has the file; its first byte is asked for. Raises SourceError."""
    return server.asked(path, lambda answer: answer.status_code not in MISSING, headers=lambda: {"Range": "bytes=0-0"})


def _must_be_a_file(answer: httpx.Response, *, may_lack_length: bool) -> None:
    kind = answer.headers.get("Content-Type", "").lower()
    if kind.startswith("text/html") and not answer.url.path.lower().endswith((".html", ".htm")):
        raise SourceError("a web page came instead of a file", "check the login and path: open it in a browser")
    measured = "Content-Length" in answer.headers or "chunked" in answer.headers.get("Transfer-Encoding", "")
    if not measured and not may_lack_length:
        raise SourceError(
            "the server does not say how long the file is, so that one cut short cannot be told",
            "ask the department for Content-Length, or accept that with may_lack_length: true",
        )


def _mark_of(aside: Path) -> Path:
    """Where it is kept by what the server knows the version of the file that was begun."""
    return aside.with_name(f"{aside.name}.version")


def _mark_in(answer: httpx.Response) -> str:
    tag = answer.headers.get("ETag", "")
    return str(tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified", ""))


def _held(aside: Path, mark: Path) -> int:
    """The bytes held of a version that the server can be asked for the rest of."""
    known = mark.exists() and mark.read_text(encoding="utf-8")
    return aside.stat().st_size if known and aside.exists() else 0


def _going_on(aside: Path, mark: Path) -> dict[str, str]:
    held = _held(aside, mark)
    return {"Range": f"bytes={held}-", "If-Range": mark.read_text(encoding="utf-8")} if held else {}
