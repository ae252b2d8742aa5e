"""The roster: how a merchant comes to know somebody."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.joining import standing
from merchants.events import CustomerEnrolled, CustomerFoundTwice, CustomerLinked
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
    customer, is_new = Customer.objects.select_related("merged_away__kept").get_or_create(
        merchant=merchant,
        phone_index__in=blind_indexes(phone or ""),
        defaults={"phone": phone, "phone_tail": _tail(phone), "name": name, "source": source},
    )
    if is_new:
        publish(CustomerEnrolled(merchant_id=merchant.pk, customer_id=customer.pk))
    return customer if is_new else standing(customer)


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
    ours = Customer.objects.filter(merchant=merchant).select_related("merged_away__kept")
    found = ours.with_phone(phone).locked().first()
    return standing(found) if found else None


def _link(customer: Customer, user: User) -> Customer:
    customer.user = user
    customer.save(update_fields=["user"])
    publish(CustomerLinked(merchant_id=customer.merchant_id, customer_id=customer.pk, user_id=user.pk))
    return customer


@transaction.atomic
def link_customers(user: User) -> int:
    """After a phone was proven: everywhere it is on a roster, that record is now this person's.

    Where they have joined by themselves meanwhile there are two records, which is told: they belong together.
    """
    if not (user.phone and user.phone_verified_at):
        return 0
    already = dict(Customer.objects.filter(user=user).values_list("merchant", "pk"))
    known = Customer.objects.with_phone(user.phone).filter(user=None).select_related("merged_away__kept")
    found = [standing(row) for row in known.locked()]
    linked = 0
    for customer in found:
        if customer.user_id is None and customer.merchant_id not in already:
            _link(customer, user)
            already[customer.merchant_id] = customer.pk
            linked += 1
        elif customer.user_id is None:
            publish(
                CustomerFoundTwice(
                    merchant_id=customer.merchant_id,
                    kept_id=already[customer.merchant_id],
                    gone_id=customer.pk,
                    user_id=user.pk,
                )
            )
    return linked


@transaction.atomic
def rename_customer(customer: Customer, name: str) -> Customer:
    customer = Customer.objects.locked().get(pk=customer.pk)
    customer.name = name
    customer.save(update_fields=["name"])
    return customer


def _tail(phone: str | None) -> str:
    return phone[-4:] if phone else ""
