"""Who is looking: while an account is, no table of cases can be read but through ``visible_to``.

Commands and the night run without an account and see everything; the serving process never does.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from review.accounts.models import Account

SITE_ROLE = "hedui_site"
_guarded: ContextVar[bool | None] = ContextVar("guarded", default=None)
_serving = {"site": False}


class UnscopedQueryError(RuntimeError):
    """Code of the site asked for rows without saying who may see them."""


def serve_site() -> None:
    """From now on this process refuses unscoped queries, in every thread: called by what serves the site."""
    _serving["site"] = True


def refuse_unscoped(model: str) -> None:
    """Raise UnscopedQueryError when an account, or nobody yet, is at the site."""
    guarded = _guarded.get()
    if guarded or (guarded is None and _serving["site"]):
        raise UnscopedQueryError(f"{model}.objects was read without visible_to(account): nothing was shown")


@contextmanager
def guarded() -> Iterator[None]:
    """Within, unscoped queries are refused."""
    token = _guarded.set(True)
    try:
        yield
    finally:
        _guarded.reset(token)


@contextmanager
def as_account(account: "Account") -> Iterator[None]:
    """Within, both walls stand around what ``account`` may see.

    On PostgreSQL this is one transaction under the site's role, which row-level security binds; it commits at the end.
    On SQLite, which has the first wall only, no transaction is opened, for a reader would hold up every writer.
    """
    with ExitStack() as stack:
        stack.enter_context(guarded())
        if connection.vendor == "postgresql":
            stack.enter_context(transaction.atomic())
            stack.enter_context(_row_security(account))
        yield


@contextmanager
def _row_security(account: "Account") -> Iterator[None]:
    nested = connection.in_atomic_block and len(connection.savepoint_ids) > 0
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {SITE_ROLE}")
        cursor.execute(
            "SELECT set_config('hedui.account', %s, true), set_config('hedui.role', %s, true), "
            # Pages are short: to start other processes for one would take longer than it saves.
            "set_config('hedui.division', %s, true), set_config('max_parallel_workers_per_gather', '0', true)",
            [account.username, account.role if account.is_active else "", account.division],
        )
    yield
    # A transaction that goes on (a test's, a command's) takes its own role back; a failed one rolls the settings back.
    if nested and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT set_config('hedui.role', '', true), set_config('hedui.division', '', true)")
            cursor.execute("SET LOCAL max_parallel_workers_per_gather TO DEFAULT")
