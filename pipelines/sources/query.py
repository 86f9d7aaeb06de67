"""A query's rows, streamed, from whatever database its address names."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from pipelines.settings import SHANGHAI
from pipelines.sources.cell_values import batch_of
from pipelines.sources.drivers import DAMENG, KINGBASE, PATIENCE, POSTGRESQL, driver_of, ensure_installed
from pipelines.sources.source_error import SourceError
from pipelines.sources.written_delivery import write_delivery
from schemas.contract import Contract

ROWS_A_BATCH = 50_000
CODE = re.compile(r"[0-9A-Z]{5}|-?[0-9]{1,5}")
"""What databases number their errors by."""


@dataclass(frozen=True)
class Found:
    """What a query yields: its columns, and its rows in batches."""

    names: list[str]
    batches: Iterator[pa.RecordBatch]


def write_query(url: str, query: str, contract: Contract, file: Path) -> int:
    """Write what ``query`` yields to ``file`` (gzip), as a delivery; returns the rows. Raises SourceError."""
    with running(url, query) as found:
        return write_delivery(found.names, found.batches, contract, file)


def running(url: str, query: str, rows_a_batch: int = ROWS_A_BATCH) -> AbstractContextManager[Found]:
    """The query as it runs. Raises SourceError, which repeats nothing of what the driver says but its error's code."""
    scheme, _, rest = url.partition("://")
    if not rest:
        raise SourceError("its address is none", "write it as scheme://user:password@host:port/database")
    if scheme.lower() in POSTGRESQL:
        return _from_postgresql(f"postgresql://{rest}", query)
    if scheme.lower() in KINGBASE:
        return _from_kingbase(f"postgresql://{rest}", query, rows_a_batch)
    if scheme.lower() in DAMENG.schemes:
        return _from_dameng(f"dm://{rest}", query, rows_a_batch)
    return _from_any(scheme, rest, query, rows_a_batch)


@contextmanager
def _from_postgresql(url: str, query: str) -> Iterator[Found]:
    from adbc_driver_postgresql import dbapi

    stage = "connect"
    try:
        with dbapi.connect(_in_time(url)) as connection, connection.cursor() as cursor:
            cursor.execute(f"SET TIME ZONE '{SHANGHAI.key}'")
            stage = "query"
            cursor.execute(query)
            reader = cursor.fetch_record_batch()
            yield Found(reader.schema.names, reader)
    except (dbapi.Error, pa.ArrowException) as error:
        raise _failed(stage, error, getattr(error, "sqlstate", None)) from None


@contextmanager
def _from_kingbase(url: str, query: str, rows_a_batch: int) -> Iterator[Found]:
    """By PostgreSQL's own driver, which asks the server for nothing but the query; days and times come as text."""
    import psycopg
    from psycopg.types.string import TextLoader

    stage = "connect"
    try:
        with closing(psycopg.connect(_in_time(url))) as connection:
            connection.execute(f"SET TIME ZONE '{SHANGHAI.key}'")
            for kind in ("date", "timestamp", "timestamptz"):
                connection.adapters.register_loader(kind, TextLoader)
            stage = "query"
            with connection.cursor(name="hedui") as cursor:
                cursor.execute(query.encode())
                names = [column.name for column in cursor.description or ()]
                yield Found(names, _batches(names, lambda: cursor.fetchmany(rows_a_batch)))
    except psycopg.Error as error:
        raise _failed(stage, error, error.sqlstate) from None


@contextmanager
def _from_dameng(url: str, query: str, rows_a_batch: int) -> Iterator[Found]:
    """By its own driver: its dialect for SQLAlchemy does not load with the version of SQLAlchemy that is in use."""
    ensure_installed(DAMENG)
    import dmPython

    parts = urlsplit(url)
    login = {
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "server": parts.hostname or "",
        "port": parts.port or 5236,
        "login_timeout": PATIENCE,
    }
    if schema := parts.path.strip("/"):
        login["schema"] = schema
    stage = "connect"
    try:
        with closing(dmPython.connect(**login)) as connection, closing(connection.cursor()) as cursor:
            stage = "query"
            cursor.execute(query)
            names = [column[0] for column in cursor.description]
            yield Found(names, _batches(names, lambda: cursor.fetchmany(rows_a_batch)))
    except dmPython.Error as error:
        raise _failed(stage, error, getattr(next(iter(error.args), None), "code", None)) from None


@contextmanager
def _from_any(scheme: str, rest: str, query: str, rows_a_batch: int) -> Iterator[Found]:
    import sqlalchemy

    driver = driver_of(scheme)
    if driver is not None:
        ensure_installed(driver)
    stage = "connect"
    try:
        url = sqlalchemy.make_url(f"{driver.scheme if driver else scheme}://{rest}")
        if driver and driver.scheme == "sqlite":
            url = _only_read(url)
        arguments = dict(driver.arguments) if driver else {}
        engine = sqlalchemy.create_engine(url, hide_parameters=True, connect_args=arguments)
        # No parameters are given, so a percent sign in the query is one.
        options: dict[str, Any] = {"max_row_buffer": rows_a_batch, "no_parameters": True}
        with closing(_Engine(engine)), engine.connect() as connection:
            _tell_local_time(connection, driver.local_time if driver else ())
            stage = "query"
            streaming = connection.execution_options(stream_results=True, **options)
            result = streaming.exec_driver_sql(query)
            names = list(result.keys())
            yield Found(names, _batches(names, lambda: result.fetchmany(rows_a_batch)))
    except sqlalchemy.exc.NoSuchModuleError:
        raise SourceError(
            "there is no driver for its address", "begin it with one of the schemes in docs/sources.md"
        ) from None
    except ImportError as error:
        raise SourceError(
            f"the driver for its address ({error.name}) is not installed", f"pip install {error.name}"
        ) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        original = getattr(error, "orig", None) or error
        raise _failed(stage, original, next(iter(original.args), None)) from None


@dataclass(frozen=True)
class _Engine:
    engine: Any

    def close(self) -> None:
        self.engine.dispose()


def _tell_local_time(connection: Any, statements: tuple[str, ...]) -> None:
    """Set the session's time zone: by name where the server knows the name, or else by its offset."""
    import sqlalchemy

    for place, statement in enumerate(statements, start=1):
        try:
            connection.exec_driver_sql(statement)
        except sqlalchemy.exc.DBAPIError:
            if place == len(statements):
                raise
        else:
            return


def _only_read(url: Any) -> Any:
    """A SQLite file, opened so that nothing is made where it is missing, and nothing is changed in it."""
    file = Path(url.database or "")
    if not file.is_file():
        raise SourceError("there is no such SQLite file", "correct its address: sqlite:////path/from/the/root")
    return url.set(database=file.absolute().as_uri(), query={"mode": "ro", "uri": "true"})


def _in_time(url: str) -> str:
    """The address, with bounds on how long a login may take, and how long a server may be gone before it is noticed."""
    given = urlsplit(url).query
    bounds = {"connect_timeout": PATIENCE, "keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 6}
    added = "&".join(f"{name}={value}" for name, value in bounds.items() if f"{name}=" not in given)
    return f"{url}{'&' if given else '?'}{added}"


def _batches(names: list[str], fetch: Any) -> Iterator[pa.RecordBatch]:
    while rows := fetch():
        yield batch_of(names, rows)


def _failed(stage: str, error: BaseException, code: object) -> SourceError:
    numbered = f", error {code}" if CODE.fullmatch(str(code)) else ""
    kind = f"({type(error).__name__}{numbered})"
    if stage == "connect":
        return SourceError(
            f"the database cannot be connected to {kind}",
            "check its address, login and password, and that it can be reached from this machine",
        )
    return SourceError(
        f"its query failed {kind}",
        "run the query by itself; correct names of tables and columns, or ask for the right to read them",
    )
