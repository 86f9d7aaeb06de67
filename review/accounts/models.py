"""An account: a person, a role, and the divisions it is for."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

# Province, city, county, township, village: 2 + 2 + 2 + 3 + 3 digits.
PREFIX_LENGTHS = (2, 4, 6, 9, 12)
# For the constraint: ``division__length``.
models.CharField.register_lookup(Length)


class Role(models.TextChoices):
    """The roles of the review (DOMAIN section 6)."""

    TOWNSHIP = "township", pgettext_lazy("role", "township")
    COUNTY = "county", pgettext_lazy("role", "county")
    CITY = "city", pgettext_lazy("role", "city")
    PROVINCE = "province", pgettext_lazy("role", "province")
    AUDITOR = "auditor", pgettext_lazy("role", "auditor")
    ENGINEER = "engineer", pgettext_lazy("role", "engineer")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "administrator")


# Who reads cases at all, who may see them unmasked (with a reason), and who changes them.
READERS = (Role.TOWNSHIP, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.AUDITOR, Role.ENGINEER)
UNMASKERS = (Role.TOWNSHIP, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.AUDITOR)
ACTORS = (Role.TOWNSHIP, Role.COUNTY, Role.CITY, Role.PROVINCE)
# How many digits the division code of a role has. Who acts for a township, county, city or province is an account of
# exactly that level; audit, data and accounts have offices at the upper three.
OFFICES = (2, 4, 6)
DIGITS: dict[Role, tuple[int, ...]] = {
    Role.TOWNSHIP: (9,),
    Role.COUNTY: (6,),
    Role.CITY: (4,),
    Role.PROVINCE: (2,),
    Role.AUDITOR: OFFICES,
    Role.ENGINEER: OFFICES,
    Role.ADMINISTRATOR: OFFICES,
}


def _role_fits_division() -> models.Q:
    """What ``Account.clean`` says, for the database: an account that may sign in has a division of its role's level."""
    fits = models.Q(is_active=False)
    for role, lengths in DIGITS.items():
        fits |= models.Q(role=role.value, division__length__in=lengths)
    return fits


class Accounts(BaseUserManager["Account"]):
    """Makes and finds accounts."""

    def create_user(self, username: str, password: str | None, **fields: Any) -> "Account":
        """A new account, checked whole; raises ValidationError. Without a password only single sign-on opens it."""
        account = Account(username=Account.normalize_username(username), **fields)
        account.set_password(password)
        account.full_clean()
        account.save()
        return account


class Account(AbstractBaseUser):
    """One person's way in. ``division`` is the prefix of the division codes the account is for.

    ``must_change_password``: someone else knows the password, so its holder changes it before anything else.
    ``sessions_ended``: how often all sessions were ended at once; one begun before is then worth nothing.
    """

    username = models.CharField(_("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    division = models.CharField(_("division"), max_length=12, validators=[RegexValidator(r"^[0-9]+\Z")])
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "role", "division"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(condition=~models.Q(division=""), name="account_has_a_division"),
            models.CheckConstraint(condition=_role_fits_division(), name="role_fits_division"),
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        """The division is of the role's level. Raises ValidationError."""
        super().clean()
        if self.role not in Role.values:
            return
        lengths = DIGITS[Role(self.role)]
        if len(self.division) not in lengths:
            words = {"digits": gettext(" or ").join(str(length) for length in lengths)}
            raise ValidationError(
                {"division": gettext("The division code of this role has %(digits)s digits.") % words}
            )

    def end_sessions(self) -> None:
        """Whoever is signed in as this account is signed out, once it is saved."""
        self.sessions_ended += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to be the account's: changes with the password, and when sessions are ended."""
        known = f"{self.password}{self.sessions_ended or ''}"
        return salted_hmac(
            "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash",
            known,
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def may_read_cases(self) -> bool:
        """Everyone active but an administrator."""
        return self.is_active and self.role in READERS

    @property
    def may_unmask(self) -> bool:
        """With a reason; never an engineer."""
        return self.is_active and self.role in UNMASKERS

    @property
    def may_act(self) -> bool:
        """Whether the role changes cases at all; the table of the case's life says how."""
        return self.is_active and self.role in ACTORS

    def covers(self, division: str) -> bool:
        """Whether a division lies within the account's."""
        return bool(self.division) and division.startswith(self.division)
