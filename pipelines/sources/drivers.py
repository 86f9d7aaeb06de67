"""Which program speaks to which database: by the scheme of its address. docs/sources.md shows the same to users."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.sources.source_error import SourceError

PATIENCE = 15
"""Seconds within which a server must answer a login."""
LONGEST_SILENCE = 3600
"""Seconds within which it must answer a query."""


@dataclass(frozen=True)
class Driver:
    """How SQLAlchemy reaches one kind of database."""

    database: str
    scheme: str
    """The dialect and its driver, as SQLAlchemy names them."""
    modules: tuple[str, ...]
    """What must be installed."""
    extra: str | None = None
    """The extra of hedui that installs it; None for what hedui always has."""
    schemes: tuple[str, ...] = ()
    """Other schemes by which people call it."""
    arguments: Mapping[str, object] = field(default_factory=dict)
    """For the driver's connection."""
    local_time: tuple[str, ...] = ()
    """Statements that make a session tell moments in the time of Asia/Shanghai: the first that the server knows."""


DRIVERS = (
    Driver("SQLite", "sqlite", ()),
    Driver(
        "MySQL, MariaDB",
        "mysql+pymysql",
        ("pymysql",),
        "mysql",
        ("mysql", "mariadb", "mariadb+pymysql"),
        {"connect_timeout": PATIENCE, "read_timeout": LONGEST_SILENCE},
        ("SET time_zone = 'Asia/Shanghai'", "SET time_zone = '+08:00'"),
    ),
    Driver(
        "SQL Server",
        "mssql+pymssql",
        ("pymssql",),
        "sqlserver",
        ("mssql", "sqlserver"),
        {"login_timeout": PATIENCE, "timeout": LONGEST_SILENCE},
    ),
    Driver(
        "Oracle",
        "oracle+oracledb",
        ("oracledb",),
        "oracle",
        ("oracle",),
        {"tcp_connect_timeout": float(PATIENCE)},
        ("ALTER SESSION SET TIME_ZONE = 'Asia/Shanghai'", "ALTER SESSION SET TIME_ZONE = '+08:00'"),
    ),
)
DAMENG = Driver("达梦 DM", "dm+dmPython", ("dmPython",), "dameng", ("dm", "dameng", "dm+dmpython"))
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
"""PostgreSQL itself is read by ADBC, which yields columns and no Python values."""
KINGBASE = ("kingbase", "kingbasees", "kingbase8")
"""金仓 KingbaseES speaks PostgreSQL's protocol."""


def driver_of(scheme: str) -> Driver | None:
    """The driver of this scheme; None where it is none of ours, and SQLAlchemy may know it."""
    return next((one for one in DRIVERS if scheme.lower() in (one.scheme.lower(), *one.schemes)), None)


def ensure_installed(driver: Driver) -> None:
    """Raise SourceError, naming the extra, unless the driver is installed."""
    for module in driver.modules:
        try:
            importlib.import_module(module)
        except ImportError:
            raise SourceError(
                f"the driver for {driver.database} ({module}) is not installed", f"pip install 'hedui[{driver.extra}]'"
            ) from None
