"""Two records of one person become one; what belongs to the one that goes follows the one that stays."""

from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from merchants.events import CustomerLinked, CustomersMerged
from merchants.models import Customer, CustomerMerge
from merchants.trust import along
from portal.kernel.audit import context
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


class SameRecord(Refused):
    sentence = _("This is one record already. Choose another one to merge it with.")


class MergedAlready(Refused):
    status = 409
    sentence = _("One of the two has already been merged into another record.")


class TwoPeople(Refused):
    sentence = _("Both have an account of their own on the portal, so they are two people.")


class SayWhy(Refused):
    sentence = _("Say in a few words how you know that they are one person.")


@transaction.atomic
def merge_customers(kept: Customer, gone: Customer, *, by: User, reason: str, key: UUID) -> CustomerMerge:
    """``gone`` goes into ``kept``: account, phone, name where it has none, visits, and what other apps hold.

    Rows are held FOR UPDATE: what is just being attached to either waits, or was committed before.
    """
    rows = {
        row.pk: row
        for row in Customer.objects.filter(pk__in=[kept.pk, gone.pk]).order_by("pk").select_for_update()
    }
    kept, gone = rows[kept.pk], rows[gone.pk]
    if earlier := CustomerMerge.objects.filter(merchant=kept.merchant_id, key=key).first():
        if (earlier.kept_id, earlier.gone_id) != (kept.pk, gone.pk):
            raise KeyReused
        return earlier
    _judge(kept, gone, reason)
    with context(user=by.pk, reason=reason[:120]):
        _hand_over(kept, gone)
        merge = CustomerMerge.objects.create(
            merchant_id=kept.merchant_id,
            kept=kept,
            gone=gone,
            key=key,
            reason=reason[:120],
            moved=along.move(gone.pk, kept.pk, of="customer"),
            by=by,
        )
    publish(
        CustomersMerged(merge_id=merge.pk, merchant_id=kept.merchant_id, kept_id=kept.pk, gone_id=gone.pk)
    )
    return merge


def _judge(kept: Customer, gone: Customer, reason: str) -> None:
    if kept.pk == gone.pk or kept.merchant_id != gone.merchant_id:
        raise SameRecord
    if CustomerMerge.objects.filter(gone__in=[kept, gone]).exists():
        raise MergedAlready
    if kept.user_id and gone.user_id:
        raise TwoPeople
    if not reason.strip():
        raise SayWhy


def _hand_over(kept: Customer, gone: Customer) -> None:
    """Account and sums move. A phone that the kept one can't take too stays where it leads on from."""
    sums = {"visits": gone.visits, "spent": gone.spent}
    ends = {"first_visit_at": gone.first_visit_at, "last_visit_at": gone.last_visit_at}
    user_id, phone, tail = gone.user_id, gone.phone, gone.phone_tail
    gone.user = None
    gone.visits, gone.spent, gone.first_visit_at, gone.last_visit_at = 0, 0, None, None
    if phone and not kept.phone:
        gone.phone, gone.phone_tail = None, ""
    gone.save()
    if phone and not kept.phone:
        kept.phone, kept.phone_tail = phone, tail
    kept.name = kept.name or gone.name
    kept.user_id = kept.user_id or user_id
    kept.save(update_fields=["user", "name", "phone", "phone_index", "phone_tail"])
    Customer.objects.filter(pk=kept.pk).update(
        visits=F("visits") + sums["visits"],
        spent=F("spent") + sums["spent"],
        first_visit_at=Least("first_visit_at", Value(ends["first_visit_at"], DateTimeField())),
        last_visit_at=Greatest("last_visit_at", Value(ends["last_visit_at"], DateTimeField())),
    )
    kept.refresh_from_db()
    if user_id:
        publish(CustomerLinked(merchant_id=kept.merchant_id, customer_id=kept.pk, user_id=user_id))


@transaction.atomic
def take_late_along(merge_id: int) -> int:
    """What arrived at the merged record in the moment of the merge follows; returns how many rows."""
    merge = CustomerMerge.objects.get(pk=merge_id)
    list(Customer.objects.filter(pk__in=[merge.kept_id, merge.gone_id]).order_by("pk").select_for_update())
    late = along.move(merge.gone_id, merge.kept_id, of="customer")
    return sum(len(what["ids"]) for what in late.values())


def standing(customer: Customer) -> Customer:
    """The record that this one was merged into, however often; itself when it was not."""
    while merge := getattr(customer, "merged_away", None):
        customer = merge.kept
    return customer
