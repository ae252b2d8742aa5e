"""A complaint by phone: the desk writes down what the caller says, in the caller's name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from complaints.actions.filing import file_complaint
from complaints.models import Complaint
from complaints.refusals import NotForYou
from complaints.roles import staff_role, work_at
from merchants.models import Shop
from portal.kernel.models import User


@transaction.atomic
def take_down(
    *, phone: str, name: str, by: User, shop: Shop, key: UUID, moment: datetime, **said: Any
) -> Complaint:
    """Open the case of whoever has this number; their account is made at their first call.

    The number isn't proved by a call: the person proves it when they sign in with it. Who works at the
    shop's merchant writes down nothing about it.
    """
    if not staff_role(by) or work_at(by, shop.merchant_id):
        raise NotForYou
    person = _caller(phone, name)
    if person.pk == by.pk:
        raise NotForYou
    return file_complaint(person, shop=shop, key=key, moment=moment, taken_by=by, **said)


def _caller(phone: str, name: str) -> User:
    """Two calls at once make one account: the second finds what the first wrote."""
    if known := User.objects.with_phone(phone).first():
        return known
    try:
        with transaction.atomic():
            return User.objects.create_user(phone=phone, name=name)
    except IntegrityError:
        return User.objects.with_phone(phone).get()
