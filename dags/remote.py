"""Sources that Airflow's own clients reach: databases by its connections, SFTP and web servers by its hooks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from airflow.sdk import BaseHook

from pipelines.sources.access import url_of
from pipelines.sources.binding import Http, Sftp, Sql
from pipelines.sources.pull import Access, Remote, RemoteFile

BLOCK = 1 << 20
NOT_FOUND = 404
RANGE_DONE = 416


@dataclass(frozen=True)
class SftpFolder:
    """A folder of an SFTP server."""

    source: Sftp

    def listing(self) -> Iterator[RemoteFile]:
        """The files in it."""
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        with SFTPHook(self.source.connection).get_managed_conn() as client:
            for there in client.listdir_attr(self.source.folder):
                yield RemoteFile(there.filename, there.st_size or 0, int(there.st_mtime or 0))

    def fetch(self, name: str, target: BinaryIO) -> bool:
        """Read on from where the target ends."""
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        with (
            SFTPHook(self.source.connection).get_managed_conn() as client,
            client.open(f"{self.source.folder}/{name}", "rb") as remote,
        ):
            remote.seek(target.tell())
            while block := remote.read(BLOCK):
                target.write(block)
        return True


@dataclass(frozen=True)
class WebServer:
    """Files on a web server; it cannot be listed."""

    source: Http

    def listing(self) -> Iterator[RemoteFile]:
        """Nothing: a web server is asked for a day's file by its name."""
        return iter(())

    def fetch(self, name: str, target: BinaryIO) -> bool:
        """Ask for the bytes after those the target holds."""
        from airflow.providers.http.hooks.http import HttpHook

        held = target.tell()
        hook = HttpHook(method="GET", http_conn_id=self.source.connection)
        options = {"stream": True, "check_response": False}
        headers = {"Range": f"bytes={held}-"} if held else {}
        with hook.run(name, headers=headers, extra_options=options) as response:
            if response.status_code == NOT_FOUND:
                return False
            if held and response.status_code == RANGE_DONE:
                return True
            response.raise_for_status()
            if held and response.status_code != 206:
                target.seek(0)
                target.truncate()
            for block in response.iter_content(BLOCK):
                target.write(block)
        return True


def _url(source: Sql) -> str:
    if source.connection is None:
        return url_of(source)
    url = BaseHook.get_connection(source.connection).get_uri()
    return re.sub(r"^postgres(ql)?(?=:)", "postgresql", url)


def _remote(source: Sftp | Http) -> Remote:
    return SftpFolder(source) if isinstance(source, Sftp) else WebServer(source)


BY_AIRFLOW = Access(_url, _remote)
