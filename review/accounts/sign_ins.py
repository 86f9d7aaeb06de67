"""Sign-ins, failed ones and sign-outs, as lines of the audit log."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from review.accounts.models import Account
from review.audit import chain

NAME_SHOWN = 150


def listen() -> None:
    """Hear of every sign-in, whichever way it is made."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_locked_out.connect(_locked_out, dispatch_uid="audit")


def _signed_in(user: Account, **_rest: Any) -> None:
    chain.append(chain.Line(user.username, "sign_in.done", division=user.division))


def _signed_out(user: Account | None, **_rest: Any) -> None:
    if user is not None:
        chain.append(chain.Line(user.username, "sign_in.ended", division=user.division))


def _failed(credentials: dict[str, Any], **_rest: Any) -> None:
    _log_attempt(credentials.get("username"), "sign_in.failed")


def _locked_out(username: str | None = None, **_rest: Any) -> None:
    _log_attempt(username, "sign_in.locked_out")


def _log_attempt(name: str | None, action: str) -> None:
    """Under the account's name if there is one; what else was typed may be a password and is not kept."""
    account = Account.objects.filter(username=(name or "")[:NAME_SHOWN]).first()
    actor, division = (account.username, account.division) if account else ("unknown", "")
    chain.append(chain.Line(actor, action, division=division))
