"""The roster: how a merchant comes to know somebody."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.events import CustomerEnrolled, CustomerLinked
from merchants.models import Customer, Merchant
from portal.kernel.crypto import blind_indexes
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class NobodyNamed(Refused):
    sentence = _("Enter the customer's phone number or scan their code.")


@transaction.atomic
def find_or_enrol_customer(
    merchant: Merchant,
    *,
    user: User | None = None,
    phone: str | None = None,
    name: str = "",
    source: str = "counter",
) -> Customer:
    """The merchant's record of this person, begun if there is none.

    By ``user``, or by ``phone`` (E.164). A phone that somebody has proven by a code leads to that
    person; a phone alone never opens anybody's account. Safe to call twice and from two tills.
    """
    if user is None and not phone:
        raise NobodyNamed
    user = user or User.objects.with_phone(phone or "").filter(phone_verified_at__isnull=False).first()
    if user:
        return _known_person(merchant, user, name, source)
    customer, is_new = Customer.objects.get_or_create(
        merchant=merchant,
        phone_index__in=blind_indexes(phone or ""),
        defaults={"phone": phone, "phone_tail": _tail(phone), "name": name, "source": source},
    )
    if is_new:
        publish(CustomerEnrolled(merchant_id=merchant.pk, customer_id=customer.pk))
    return customer


def _known_person(merchant: Merchant, user: User, name: str, source: str) -> Customer:
    if customer := Customer.objects.of(merchant).filter(user=user).first():
        return customer
    phone = user.phone if user.phone_verified_at else None
    if phone and (by_phone := _by_phone(merchant, phone)):
        if by_phone.user_id is None:
            return _link(by_phone, user)
        phone = None  # the number has moved on to this person; the other record keeps what it was told
    customer, is_new = Customer.objects.get_or_create(
        merchant=merchant,
        user=user,
        defaults={"phone": phone, "phone_tail": _tail(phone), "name": name or user.name, "source": source},
    )
    if is_new:
        publish(CustomerEnrolled(merchant_id=merchant.pk, customer_id=customer.pk))
    return customer


def _by_phone(merchant: Merchant, phone: str) -> Customer | None:
    return Customer.objects.of(merchant).with_phone(phone).locked().first()


def _link(customer: Customer, user: User) -> Customer:
    customer.user = user
    customer.save(update_fields=["user"])
    publish(CustomerLinked(merchant_id=customer.merchant_id, customer_id=customer.pk, user_id=user.pk))
    return customer


@transaction.atomic
def link_customers(user: User) -> int:
    """After a phone was proven: everywhere it is on a roster, that record is now this person's."""
    if not (user.phone and user.phone_verified_at):
        return 0
    already = Customer.objects.filter(user=user).values("merchant")
    rows = Customer.objects.with_phone(user.phone).filter(user=None).exclude(merchant__in=already).locked()
    return len([_link(customer, user) for customer in rows])


@transaction.atomic
def rename_customer(customer: Customer, name: str) -> Customer:
    customer = Customer.objects.locked().get(pk=customer.pk)
    customer.name = name
    customer.save(update_fields=["name"])
    return customer


def _tail(phone: str | None) -> str:
    return phone[-4:] if phone else ""
