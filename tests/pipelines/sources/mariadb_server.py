"""A MariaDB of its own, in a folder: Debian's packages mariadb-server-core and mariadb-client-core."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

INSTALL, SERVE = "mariadb-install-db", "mariadbd"
SMALL = ("--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M", "--performance-schema=OFF")
installed = all(map(shutil.which, (INSTALL, "my_print_defaults", SERVE)))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a started server."""
    data = f"--datadir={folder / 'data'}"
    make = [INSTALL, "--no-defaults", data, "--skip-test-db", "--skip-name-resolve", "--user=root", *SMALL]
    subprocess.run([*make, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder / 's'}", "--user=root"]
    server = subprocess.Popen(
        [SERVE, "--no-defaults", data, *place, *SMALL], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, server)
        yield f"mysql://root@127.0.0.1:{port}/mysql"
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            pymysql.connect(host="127.0.0.1", port=port, user="root").close()
        except pymysql.Error:
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("MariaDB did not start")
