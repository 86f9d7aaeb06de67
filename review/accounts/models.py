"""An account: a person, a role, and the divisions it is for."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Province, city, county, township, village: 2 + 2 + 2 + 3 + 3 digits.
PREFIX_LENGTHS = (2, 4, 6, 9, 12)


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
# The shortest prefix a role may have: a county's account never holds a whole city.
LEAST_DIGITS = {Role.TOWNSHIP: 9, Role.COUNTY: 6, Role.CITY: 4}


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
    """One person's way in. ``division`` is the prefix of the division codes the account is for."""

    username = models.CharField(_("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    division = models.CharField(_("division"), max_length=12, validators=[RegexValidator(r"^\d+$")])
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "role", "division"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(condition=~models.Q(division=""), name="account_has_a_division"),
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        """The division prefix fits the role."""
        super().clean()
        from django.core.exceptions import ValidationError

        if self.role not in Role.values:
            return
        digits = len(self.division)
        if digits not in PREFIX_LENGTHS or digits < LEAST_DIGITS.get(Role(self.role), 2):
            raise ValidationError({"division": _("This role needs a longer division code.")})

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
