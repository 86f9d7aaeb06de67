"""Files on a web server come whole or not at all, from that server alone, and tell no secret."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.sources.declaration import Http
from pipelines.sources.pull import Again
from pipelines.sources.source_error import SourceError
from tests.pipelines.conftest import DELIVERED
from tests.pipelines.sources.conftest import Exchange
from tests.pipelines.sources.servers import Reply, Request, WebPlace

CONTENT = b"a,b\n1,2\n3,4\n"
PATH = "/base/extract/20201029.csv"


def always(status: int, headers: dict[str, str] | None = None, content: bytes = b"") -> Callable[[Request], Reply]:
    return lambda _: (status, headers or {}, content)


@pytest.fixture
def source(web: WebPlace, monkeypatch: pytest.MonkeyPatch) -> Http:
    monkeypatch.setenv("OFFICE_URL", f"http://hedui:s%40cret@127.0.0.1:{web.port}/base")
    return Http(kind="http", url_variable="OFFICE_URL", path="/extract/{day}.csv", most_mb=1)


def test_the_newest_file_of_a_full_type_comes_once(exchange: Exchange, web: WebPlace, source: Http) -> None:
    web.answers["/base/extract/20201028.csv"] = web.answers["/base/extract/20201026.csv"] = always(200, {}, CONTENT)
    (came,) = exchange.pull(source)
    assert (came.name, came.read_bytes()) == ("payment_20201028.csv", CONTENT)
    assert exchange.pull(source) == []
    assert web.asked[0].headers["Authorization"].startswith("Basic ")


def test_a_file_fetched_again_is_the_next_delivery_of_its_day(exchange: Exchange, web: WebPlace, source: Http) -> None:
    web.answers[PATH] = web.answers["/base/extract/20201020.csv"] = always(200, {}, CONTENT)
    exchange.pull(source)
    assert [path.name for path in exchange.pull(source, again=Again())] == ["payment_20201029_2_correction.csv"]
    earlier = Again(DELIVERED - timedelta(days=9))
    assert [path.name for path in exchange.pull(source, again=earlier)] == ["payment_20201020.csv"]


def test_a_busy_server_is_asked_again_and_its_secret_is_not_told(
    exchange: Exchange, web: WebPlace, source: Http
) -> None:
    replies = iter([(503, {}, b""), (429, {"Retry-After": "3600"}, b""), (200, {}, CONTENT)])
    web.answers[PATH] = lambda _: next(replies)
    assert len(exchange.pull(source)) == 1
    web.answers[PATH] = always(500)
    with pytest.raises(SourceError, match=r"the server is busy, or fails \(status 500\)") as caught:
        exchange.pull(source, again=Again(DELIVERED))
    assert "cret" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert len(web.asked) == 3 + 5


def test_a_transfer_that_breaks_off_goes_on_where_the_file_is_the_same(
    exchange: Exchange, web: WebPlace, source: Http
) -> None:
    asked: list[str] = []

    def breaks_off(request: Request) -> Reply:
        asked.append(request.headers.get("Range", ""))
        if not asked[-1]:
            return 200, {"Content-Length": str(len(CONTENT)), "ETag": '"1"'}, CONTENT[:5]
        assert request.headers["If-Range"] == '"1"'
        return 206, {"Content-Range": f"bytes 5-11/{len(CONTENT)}"}, CONTENT[5:]

    web.answers[PATH] = breaks_off
    (came,) = exchange.pull(source)
    assert came.read_bytes() == CONTENT
    assert asked == ["", "bytes=5-"]


def test_a_file_replaced_while_it_was_fetched_is_no_mixture(exchange: Exchange, web: WebPlace, source: Http) -> None:
    replies = iter([(200, {"Content-Length": "12", "ETag": '"1"'}, b"old,"), (200, {"ETag": '"2"'}, CONTENT)])
    web.answers[PATH] = lambda _: next(replies)
    (came,) = exchange.pull(source)
    assert came.read_bytes() == CONTENT


def test_half_a_file_never_looks_like_a_delivery(exchange: Exchange, web: WebPlace, source: Http) -> None:
    web.answers[PATH] = always(200, {"Content-Length": "100"}, CONTENT)
    with pytest.raises(SourceError, match="the server does not answer"):
        exchange.pull(source)
    assert exchange.waiting == []
    assert [path for path in exchange.inbox.rglob("*") if path.is_file()] == []


def test_a_file_of_unstated_length_is_taken_only_if_that_is_declared(
    exchange: Exchange, web: WebPlace, source: Http
) -> None:
    web.answers[PATH] = always(200, {"Content-Length": ""}, CONTENT)
    with pytest.raises(SourceError, match="does not say how long the file is"):
        exchange.pull(source)
    assert len(exchange.pull(source.model_copy(update={"may_lack_length": True}))) == 1


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (always(200, {}, b"x" * (1 << 20) + b"x"), "there is more than 1 MB"),
        (always(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Sign in"), "a web page came"),
        (always(401), r"refuses the login \(status 401\)"),
        (always(400), r"the server refuses \(status 400\)"),
        (always(302, {"Location": "https://elsewhere.example/x"}), "leads to another"),
        (always(302, {"Location": PATH}), "leads in a circle"),
    ],
)
def test_what_is_no_file_is_told_as_what_it_is(
    exchange: Exchange, web: WebPlace, source: Http, reply: Callable[[Request], Reply], problem: str
) -> None:
    web.answers[PATH] = reply
    with pytest.raises(SourceError, match=problem):
        exchange.pull(source)
    assert exchange.waiting == []


def test_a_redirection_on_the_same_server_is_followed(exchange: Exchange, web: WebPlace, source: Http) -> None:
    web.answers[PATH] = always(302, {"Location": "/store/1"})
    web.answers["/store/1"] = always(200, {}, gzip.compress(CONTENT))
    assert [path.name for path in exchange.pull(source)] == ["payment_20201029.csv.gz"]


def test_a_file_that_is_always_the_newest_comes_when_one_is_due(
    exchange: Exchange, web: WebPlace, source: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_TOKEN", "t0ken")
    newest = source.model_copy(update={"path": "newest.csv", "token_variable": "OFFICE_TOKEN", "token_header": "X-Key"})
    web.answers["/base/newest.csv"] = always(200, {}, CONTENT)
    assert [path.name for path in exchange.pull(newest)] == ["payment_20201029.csv"]
    assert exchange.pull(newest) == []
    assert [path.name for path in exchange.pull(newest, again=Again())] == ["payment_20201029_2_correction.csv"]
    assert web.asked[0].headers["X-Key"] == "t0ken"


def test_a_server_whose_certificate_does_not_hold_is_not_asked(
    exchange: Exchange, source: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl
    import threading
    from http.server import HTTPServer, SimpleHTTPRequestHandler

    certificate, key = self_signed(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("OFFICE_URL", f"https://127.0.0.1:{server.server_port}")
    with pytest.raises(SourceError, match="certificate does not hold: give the department's certificates as ca_file"):
        exchange.pull(source)
    assert exchange.pull(source.model_copy(update={"ca_file": certificate})) == []
    server.shutdown()
    server.server_close()


def self_signed(folder: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime
    from ipaddress import IPv4Address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "office")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "office.pem", folder / "office.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return files
