"""Files of an SFTP server come as those of a folder do; a server that is not the one known is never logged in to."""

import os
from pathlib import Path

import pytest

from pipelines.sources.declaration import Sftp
from pipelines.sources.source_error import SourceError
from tests.pipelines.sources.conftest import Exchange
from tests.pipelines.sources.servers import SftpPlace

CONTENT = b"a,b\n1,2\n"


@pytest.fixture
def source(sftp: SftpPlace, monkeypatch: pytest.MonkeyPatch) -> Sftp:
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", sftp.address)
    put(sftp, "BT20201029.csv", CONTENT)
    put(sftp, "readme.txt", b"no delivery")
    return Sftp(
        kind="sftp", connection="office", folder="/out", name=r"BT(?P<day>\d{8})\.csv", host_key=sftp.fingerprint
    )


def put(sftp: SftpPlace, name: str, content: bytes) -> Path:
    path = sftp.served / "out" / name
    path.write_bytes(content)
    os.utime(path, (1_603_900_000, 1_603_900_000))
    return path


def test_files_come_once_and_corrections_after_them(exchange: Exchange, sftp: SftpPlace, source: Sftp) -> None:
    (came,) = exchange.pull(source)
    assert (came.name, came.read_bytes()) == ("payment_20201029.csv", CONTENT)
    assert exchange.pull(source) == []
    put(sftp, "BT20201029.csv", CONTENT + b"3,4\n")
    assert [path.name for path in exchange.pull(source)] == ["payment_20201029_2.csv"]


def test_a_transfer_goes_on_where_it_stopped(exchange: Exchange, source: Sftp) -> None:
    begun = exchange.lake.folder("pulls", "payment") / f"1603900000-{len(CONTENT)}-BT20201029.csv"
    begun.write_bytes(b"X,Y\n")
    (came,) = exchange.pull(source)
    assert came.read_bytes() == b"X,Y\n1,2\n"


def test_a_server_is_known_by_its_fingerprint_or_by_a_file(
    exchange: Exchange, sftp: SftpPlace, source: Sftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = source.model_copy(update={"host_key": None, "known_hosts": sftp.known_hosts})
    assert len(exchange.pull(known)) == 1
    for stranger in (
        source.model_copy(update={"host_key": f"SHA256:{'A' * 43}"}),
        known.model_copy(update={"known_hosts": unknown_hosts(sftp)}),
    ):
        with pytest.raises(SourceError, match="shows a key that is not known") as caught:
            exchange.pull(stranger)
        assert sftp.fingerprint in str(caught.value)
    monkeypatch.setenv("HOME", str(sftp.served))
    with pytest.raises(SourceError, match="shows a key that is not known"):
        exchange.pull(known.model_copy(update={"known_hosts": None}))


def unknown_hosts(sftp: SftpPlace) -> Path:
    other = sftp.known_hosts.with_name("other_hosts")
    key = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    other.write_text(f"[127.0.0.1]:{sftp.port} ssh-ed25519 {key}\n", encoding="utf-8")
    return other


def test_what_is_wrong_is_told_without_the_login(
    exchange: Exchange, sftp: SftpPlace, source: Sftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        exchange.pull(source.model_copy(update={"folder": "/nowhere"}))
    with pytest.raises(SourceError, match="there is a file of more than 0 MB"):
        exchange.pull(source.model_copy(update={"most_mb": 0}))
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", f"sftp://hedui:wrong@127.0.0.1:{sftp.port}")
    with pytest.raises(SourceError, match="the server refuses the login") as caught:
        exchange.pull(source)
    assert "wrong" not in f"{caught.value!r} {caught.value.__cause__!r}"
    monkeypatch.setenv("AIRFLOW_CONN_OFFICE", "sftp://hedui:wrong@127.0.0.1:1")
    with pytest.raises(SourceError, match="the server does not answer"):
        exchange.pull(source)
    assert not exchange.inbox.exists()
