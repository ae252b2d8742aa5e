"""Merchants (the tenants) and the people who work for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.audit import audited
from portal.kernel.models import User


class MerchantQuerySet(models.QuerySet["Merchant"]):
    def worked_at_by(self, user: User) -> Self:
        return self.filter(staff__user=user, staff__left_at=None).order_by("name", "pk")

    def owned_by(self, user: User) -> Self:
        return self.worked_at_by(user).filter(staff__role=Role.OWNER)

    def with_role_of(self, user: User) -> Self:
        """``role`` of the person and the number of ``open_shops``; for the list to choose from."""
        mine = StaffMember.objects.current().filter(merchant=OuterRef("pk"), user=user)
        return self.annotate(
            role=Subquery(mine.values("role")[:1]),
            open_shops=Count("shops", filter=Q(shops__closed_at=None), distinct=True),
        )


@audited()
class Merchant(models.Model):
    """A business with one or more shops: what the data of one business is kept apart by."""

    id = models.AutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    suspended_at = models.DateTimeField(null=True, blank=True)

    objects = MerchantQuerySet.as_manager()

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")

    def __str__(self) -> str:
        return self.name

    @property
    def console(self) -> str:
        """Where those who work here find today's work."""
        return f"/m/{self.slug}/"

    @property
    def zone(self) -> str:
        """Where its days begin and end: the time zone of its first shop."""
        zones = self.shops.order_by("pk").values_list("time_zone", flat=True)
        return zones.first() or settings.HOME_TIME_ZONE

    @property
    def role_name(self) -> str:
        """The role in words, after ``with_role_of``."""
        role = getattr(self, "role", "")
        return str(Role(role).label) if role else ""


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    CASHIER = "cashier", _("Cashier")

    def covers(self, least: "Role") -> bool:
        """Whether somebody in this role may do what ``least`` may."""
        order = [Role.CASHIER, Role.MANAGER, Role.OWNER]
        return order.index(self) >= order.index(least)


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def current(self) -> Self:
        return self.filter(left_at=None)


@audited()
class StaffMember(models.Model):
    """One person's work for one merchant; leaving ends it, nothing is ever deleted."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="work")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.UniqueConstraint(
                name="staff_member_works_once_per_merchant",
                fields=["merchant", "user"],
                condition=Q(left_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        return self.filter(taken_at=None, withdrawn_at=None)


@audited()
class Invitation(models.Model):
    """An offer to work for a merchant, taken up once by whoever proves the phone or e-mail."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=20, unique=True)
    role = models.CharField(max_length=8, choices=Role)
    phone_index = models.BinaryField(max_length=32, null=True)
    email_index = models.BinaryField(max_length=32, null=True)
    told = models.CharField(max_length=20)  # how the invited is shown: the last digits
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_names_somebody",
                condition=Q(phone_index__isnull=False) | Q(email_index__isnull=False),
            ),
            models.UniqueConstraint(
                name="phone_invited_once_at_a_time",
                fields=["merchant", "phone_index"],
                condition=Q(taken_at=None, withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="email_invited_once_at_a_time",
                fields=["merchant", "email_index"],
                condition=Q(taken_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.told}"
