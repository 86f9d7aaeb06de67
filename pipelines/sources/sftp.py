"""A folder of an SFTP server, by paramiko. A server whose key is not the one declared is never logged in to."""

import base64
import hashlib
import io
import logging
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import paramiko

from pipelines.sources.access import Access, Address, secret
from pipelines.sources.declaration import Sftp
from pipelines.sources.remote_files import RemoteFile
from pipelines.sources.retries import with_retries
from pipelines.sources.source_error import SourceError

BLOCK = 1 << 20
PATIENCE = 30
"""Seconds within which a server must answer, each time."""
PASSING = (OSError, EOFError, paramiko.SSHException)
"""What a server out of reach for a moment comes to; logins and keys that are wrong are errors of their own."""
COMPARE = "compare it with the one the department gives you, and write that as host_key, or put it into known_hosts"
logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # what it says holds addresses and names of users


@dataclass(frozen=True)
class SftpFolder:
    """A folder of an SFTP server. ``client`` connects to it, and may fail for a moment."""

    folder: str
    client: Callable[[], AbstractContextManager[paramiko.SFTPClient]]

    def listing(self) -> Iterator[RemoteFile]:
        """The files in it. Raises SourceError."""
        yield from self._asked(self._listing)

    def fetch(self, name: str, target: BinaryIO) -> None:
        """Read on from where the target ends. Raises SourceError."""
        self._asked(lambda client: _read_on(client, f"{self.folder}/{name}", target))

    def _listing(self, client: paramiko.SFTPClient) -> list[RemoteFile]:
        return [
            RemoteFile(there.filename, there.st_size or 0, int(there.st_mtime or 0))
            for there in client.listdir_attr(self.folder)
            if stat.S_ISREG(there.st_mode or stat.S_IFREG)
        ]

    def _asked(self, ask: Callable[[paramiko.SFTPClient], Any]) -> Any:
        def once() -> Any:
            with self.client() as client:
                return ask(client)

        try:
            return with_retries(lambda: _told(once), *PASSING)
        except PASSING as error:
            raise SourceError(
                f"the server does not answer ({type(error).__name__})",
                "check its address, and that it can be reached from this machine",
            ) from None


def _told(once: Callable[[], Any]) -> Any:
    """What ``once`` gives; what another try would not change is told at once."""
    try:
        return once()
    except paramiko.AuthenticationException:
        raise SourceError("the server refuses the login", "check user, password or key_file") from None
    except FileNotFoundError:
        raise SourceError("the server has no such folder or file", "correct folder; it begins at the root") from None
    except PermissionError:
        raise SourceError(
            "the server does not let this user read there", "ask for the right to list and read"
        ) from None


def _read_on(client: paramiko.SFTPClient, path: str, target: BinaryIO) -> None:
    with client.open(path, "rb") as remote:
        remote.seek(target.tell())
        remote.prefetch(max_concurrent_requests=32)
        while block := remote.read(BLOCK):
            target.write(block)
        target.flush()


def folder_of(source: Sftp, access: Access) -> SftpFolder:
    """The folder a source declares. Raises SettingMissingError where its address or a secret is not given."""
    address = access.address(source)
    login = _Login(
        user=address.user,
        password=address.password,
        key_file=str(source.key_file or address.extra.get("key_file") or "") or None,
        key=_key(address.extra),
        passphrase=secret(source.passphrase_variable)
        if source.passphrase_variable
        else address.extra.get("private_key_passphrase"),
    )
    return SftpFolder(source.folder, lambda: _connected(source, address, login))


@dataclass(frozen=True)
class _Login:
    user: str | None
    password: str | None = field(repr=False)
    key_file: str | None
    key: paramiko.PKey | None = field(repr=False)
    passphrase: str | None = field(repr=False)


def _key(extra: Mapping[str, Any]) -> paramiko.PKey | None:
    """The private key that an Airflow connection holds itself."""
    text, passphrase = extra.get("private_key"), extra.get("private_key_passphrase")
    if not text:
        return None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase)
        except (paramiko.SSHException, ValueError):
            continue
    raise SourceError("the connection's private_key cannot be read", "give it whole, or use key_file")


@contextmanager
def _connected(source: Sftp, address: Address, login: _Login) -> Iterator[paramiko.SFTPClient]:
    expected = source.host_key or _fingerprint_in(address.extra)
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(Expected(expected))
        if expected is None:
            _know(client, source)
        try:
            client.connect(
                address.host,
                address.port or 22,
                login.user,
                login.password,
                login.key,
                login.key_file,
                timeout=PATIENCE,
                allow_agent=False,
                look_for_keys=False,
                passphrase=login.passphrase,
                banner_timeout=PATIENCE,
                auth_timeout=PATIENCE,
            )
        except paramiko.BadHostKeyException as error:
            raise _stranger(error.key) from None
        except (paramiko.PasswordRequiredException, FileNotFoundError):
            raise SourceError("key_file is not there, or needs a passphrase", "correct it, or give one") from None
        with client.open_sftp() as sftp:
            if channel := sftp.get_channel():
                channel.settimeout(PATIENCE)
            yield sftp


def _know(client: paramiko.SSHClient, source: Sftp) -> None:
    try:
        client.load_system_host_keys(str(source.known_hosts) if source.known_hosts else None)
    except OSError:
        raise SourceError("known_hosts cannot be read", "correct its path, or give host_key instead") from None


@dataclass(frozen=True)
class Expected(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Lets in a server with this key alone; without one, none that is not in ``known_hosts``."""

    fingerprint: str | None

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002
        """Raise SourceError unless the key is the one expected."""
        if self.fingerprint is None or fingerprint_of(key) != self.fingerprint.rstrip("="):
            raise _stranger(key)


def _stranger(key: paramiko.PKey) -> SourceError:
    return SourceError(f"the server shows a key that is not known: {fingerprint_of(key)}", COMPARE)


def _fingerprint_in(extra: Mapping[str, Any]) -> str | None:
    """The fingerprint of the ``host_key`` that an Airflow connection holds."""
    held = str(extra.get("host_key") or "").split()
    try:
        return _fingerprint(base64.b64decode(held[-1] if len(held) < 2 else held[1], validate=True)) if held else None
    except ValueError:
        raise SourceError("the connection's host_key cannot be read", "give it as ssh-keyscan prints it") from None


def fingerprint_of(key: paramiko.PKey) -> str:
    """The fingerprint of a key, as ``ssh-keygen -lf`` prints it."""
    return _fingerprint(key.asbytes())


def _fingerprint(key: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"
