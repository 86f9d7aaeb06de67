"""How sources are reached without a scheduler: addresses from the environment, under the names Airflow gives them."""

import os

from pipelines.settings import SettingMissingError
from pipelines.sources.binding import Http, Sftp, Sql
from pipelines.sources.pull import Access, Remote


def url_of(source: Sql) -> str:
    """The address of a database. Raises SettingMissingError, naming the variable, when it is not set."""
    name = source.url_variable or connection_variable(source.connection or "")
    if url := os.environ.get(name):
        return _dialect(url)
    raise SettingMissingError(f"{name} is not set: give the address of the source in the environment")


def connection_variable(connection: str) -> str:
    """The environment variable in which Airflow looks for a connection first."""
    return f"AIRFLOW_CONN_{connection.upper()}"


def only_by_the_scheduler(source: Sftp | Http) -> Remote:
    """Refuse: the clients for these are Airflow's."""
    raise SettingMissingError(f"a source of kind {source.kind} is pulled by Airflow: trigger the DAG nightly")


def _dialect(url: str) -> str:
    """Airflow's own addresses call PostgreSQL ``postgres``."""
    return url.replace("postgres://", "postgresql://", 1)


FROM_ENVIRONMENT = Access(url_of, only_by_the_scheduler)
