"""Sources by the connections that Airflow keeps; what is done with them is in ``pipelines.sources``."""

import re

from airflow.sdk import BaseHook

from pipelines.sources.access import Access, Address, address_of, url_of
from pipelines.sources.declaration import Connected, Sql


def _url(source: Sql) -> str:
    if source.connection is None:
        return url_of(source)
    url = BaseHook.get_connection(source.connection).get_uri()
    return re.sub(r"^postgres(ql)?(?=:)", "postgresql", url)


def _address(source: Connected) -> Address:
    if source.connection is None:
        return address_of(source)
    kept = BaseHook.get_connection(source.connection)
    place = (kept.schema or "").strip("/")
    return Address(kept.conn_type, kept.host or "", kept.port, kept.login, kept.password, place, kept.extra_dejson)


BY_AIRFLOW = Access(_url, _address)
