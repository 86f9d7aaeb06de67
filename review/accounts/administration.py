"""Administrators keep accounts: make, change, close them, set passwords; each act leaves a line in the audit log."""

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from review.accounts.models import Account, Role
from review.audit import chain
from review.case_life.refusals import IncompleteError, NotAllowedError
from schemas.divisions import CODE_LENGTH, load_divisions

CHANGEABLE = ("full_name", "role", "division", "is_active")
PASSWORD_BYTES = 12


def accounts_of(administrator: Account) -> QuerySet[Account]:
    """The accounts an administrator keeps: those of the own division. None for any other role."""
    if not administrator.is_active or administrator.role != Role.ADMINISTRATOR:
        return Account.objects.none()
    return Account.objects.filter(division__startswith=administrator.division).order_by("division", "username")


def make_account(administrator: Account, *, username: str, full_name: str, role: str, division: str) -> str:
    """A new account within the administrator's division; its first password, which is told once and kept nowhere.

    Its holder must change the password before anything else. Raises NotAllowedError, or IncompleteError by field.
    """
    _refuse_outside_division(administrator, division)
    made = {"username": username, "full_name": full_name, "role": role, "division": division}
    return _create(administrator.username, administrator.division, made)


def make_account_by_command(actor: str, *, username: str, full_name: str, role: str, division: str) -> str:
    """The same from the command line, such as the first administrator's; ``actor`` says whose command line.

    Raises IncompleteError by field.
    """
    return _create(actor, division, {"username": username, "full_name": full_name, "role": role, "division": division})


def change_account(administrator: Account, username: str, **changes: Any) -> None:
    """Change name, role, division, or ``is_active`` (an account is never deleted: the log speaks of it).

    Nobody changes the own account. What the account may do from now on, it does in a new session. Raises
    NotAllowedError, or IncompleteError by field.
    """
    with transaction.atomic():
        account = _other_account(administrator, username)
        if unknown := set(changes) - set(CHANGEABLE):
            raise IncompleteError(dict.fromkeys(unknown, gettext("This field does not belong to the act.")))
        if any(getattr(account, name) != value for name, value in changes.items() if name != "full_name"):
            account.end_sessions()
        for name, value in changes.items():
            setattr(account, name, value)
        _refuse_outside_division(administrator, account.division)
        if "division" in changes:
            _refuse_unknown_division(account.division)
        try:
            account.full_clean()
        except ValidationError as error:
            raise _by_field(error) from None
        account.save(update_fields=[*changes, "sessions_ended"])
        # Names stay out of the log: they are the person's, not the act's.
        changed = {name: value for name, value in changes.items() if name != "full_name"}
        detail = {"account": username, "changed": sorted(changes), **changed}
        chain.append(chain.Line(administrator.username, "account.changed", detail, administrator.division))


def new_password(administrator: Account, username: str) -> str:
    """A new password for an account whose holder has lost theirs; told once, and to be changed before anything else.

    It ends the account's sessions.
    """
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        account = _other_account(administrator, username)
        account.set_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        chain.append(
            chain.Line(administrator.username, "account.password_set", {"account": username}, administrator.division)
        )
    return password


def change_own_password(account: Account, old: str, new: str) -> None:
    """Everybody may, knowing the old one. Raises IncompleteError by field."""
    if not account.check_password(old):
        raise IncompleteError({"old": gettext("This is not your password.")})
    if new == old:
        raise IncompleteError({"new": gettext("The new password is the old one: choose another.")})
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise IncompleteError({"new": " ".join(error.messages)}) from None
    with transaction.atomic():
        account.set_password(new)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        chain.append(chain.Line(account.username, "account.own_password_changed", division=account.division))


def _create(actor: str, actors_division: str, made: dict[str, str]) -> str:
    _refuse_unknown_division(made["division"])
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        try:
            Account.objects.create_user(password=password, must_change_password=True, **made)
        except ValidationError as error:
            raise _by_field(error) from None
        detail = {"account": made["username"], "role": made["role"], "division": made["division"]}
        chain.append(chain.Line(actor, "account.made", detail, actors_division))
    return password


def _other_account(administrator: Account, username: str) -> Account:
    account = accounts_of(administrator).select_for_update().filter(username=username).first()
    if account is None or account.pk == administrator.pk:
        raise NotAllowedError(gettext("You do not manage this account."))
    return account


def _refuse_outside_division(administrator: Account, division: str) -> None:
    if not administrator.is_active or administrator.role != Role.ADMINISTRATOR or not administrator.covers(division):
        raise NotAllowedError(gettext("You manage only the accounts of your own division."))


def _refuse_unknown_division(division: str) -> None:
    """Raise IncompleteError when no division's code has these first digits and zeros below."""
    if division.ljust(CODE_LENGTH, "0") not in load_divisions():
        raise IncompleteError({"division": gettext("There is no division with this code.")})


def _by_field(error: ValidationError) -> IncompleteError:
    return IncompleteError({name: " ".join(words) for name, words in error.message_dict.items()})
