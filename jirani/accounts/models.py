"""The user: an address, a language and a way to sign in. `members.Person` holds a person's part in the network."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.models import AddressField
from jirani.core.registry import PersonalData
from jirani.core.security import DayField
from jirani.language import normal_address


class UserManager(BaseUserManager["User"]):
    """Makes users by their address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; without a password they sign in by an e-mailed code."""
        user = self.model(email=normal_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who may do everything, the administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in."""

    email = AddressField(_("e-mail address"), unique=True)
    language = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the editors' pages"), default=False)
    last_login = DayField(_("last sign-in"), blank=True, null=True, editable=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "email": PersonalData(why=_("To sign in and to receive e-mails."), until=_("Until the account is erased.")),
        "language": PersonalData(why=_("To write to you in your language."), until=_("Until the account is erased.")),
        "last_login": PersonalData(
            why=_("To notice accounts that nobody uses any more."), until=_("Until the account is erased.")
        ),
        "date_joined": PersonalData(
            name=_("day on which the account was made"),
            why=_("To tell when the account was made."),
            until=_("Until the account is erased."),
        ),
        "password": PersonalData(
            why=_("To check a password, of which only a hash is kept."), until=_("Until the account is erased.")
        ),
    }

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """Return a name for Wagtail and allauth; the user model has no name field."""
        return self.email

    get_short_name = get_full_name
