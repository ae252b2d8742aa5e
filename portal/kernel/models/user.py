"""A person with an account: consumer, merchant's staff or platform staff, often several at once."""

from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.audit import audited
from portal.kernel.crypto import BlindIndexField, EncryptedTextField, blind_indexes


class UserQuerySet(models.QuerySet["User"]):
    def with_phone(self, phone: str) -> Self:
        """``phone`` in E.164."""
        return self.filter(phone_index__in=blind_indexes(phone))

    def with_email(self, email: str) -> Self:
        return self.filter(email_index__in=blind_indexes(email))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, *, password: str | None = None, **fields: Any) -> "User":
        user = self.model(**fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, password: str, **fields: Any) -> "User":
        return self.create_user(password=password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.with_email(username or "").get()


@audited(leave_out=["last_login", "password"])
class User(AbstractBaseUser, PermissionsMixin):
    """Reached by phone or by e-mail, at least one of them; both are sealed at rest."""

    name = EncryptedTextField(_("name"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), null=True, blank=True)  # E.164
    phone_index = BlindIndexField(of="phone")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    email = EncryptedTextField(_("e-mail"), null=True, blank=True)
    email_index = BlindIndexField(of="email")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_staff = models.BooleanField(_("platform staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(db_default=Now())

    objects = UserManager()
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(name="user_phone_once", fields=["phone_index"]),
            models.UniqueConstraint(name="user_email_once", fields=["email_index"]),
        ]

    def __str__(self) -> str:
        return self.says()

    def says(self) -> str:
        """What to call the person on a screen that others may see: never the whole phone or e-mail."""
        if self.name:
            return str(self.name)
        return f"…{self.phone[-4:]}" if self.phone else _("Person %(id)s") % {"id": self.pk}
