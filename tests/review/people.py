"""People at the review: one account a role, inside and outside the division that made nights speak of."""

from typing import Any

from review.accounts.models import Account, Role

PASSWORD = "correct horse battery"  # noqa: S105
# The division of made flags, and one elsewhere in the province.
HERE = {Role.TOWNSHIP: "520102001", Role.COUNTY: "520102", Role.CITY: "5201"}
ELSEWHERE = {Role.TOWNSHIP: "520302001", Role.COUNTY: "520302", Role.CITY: "5203", Role.PROVINCE: "53"}


def person(role: str, division: str | None = None, **other: Any) -> Account:
    """An account of this role in the division of made flags."""
    values: dict[str, Any] = {
        "username": f"{role}{division or ''}",
        "full_name": f"{role} 张",
        "role": role,
        "division": division or HERE.get(Role(role), "52"),
    }
    account = Account(**(values | other))
    # One hash for all: making it is slow on purpose.
    account.password = _hash()
    account.full_clean(exclude=["password"])
    account.save()
    return account


def stranger(role: str) -> Account:
    """An account of this role in another city, of the province's in another province."""
    return person(role, ELSEWHERE.get(Role(role), "5203"), username=f"{role}-elsewhere")


_hashed: list[str] = []


def _hash() -> str:
    from django.contrib.auth.hashers import make_password

    if not _hashed:
        _hashed.append(make_password(PASSWORD))
    return _hashed[0]
