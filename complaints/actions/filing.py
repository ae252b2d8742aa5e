"""Opening a case: with its number, its promise, its first step and word to those concerned."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from complaints import kinds, telling
from complaints.actions.attaching import attach
from complaints.actions.clocking import begun
from complaints.actions.numbering import free_number
from complaints.events import ComplaintFiled
from complaints.files import Checked
from complaints.judging import current_rules, filed_now, judged
from complaints.likeness import grams
from complaints.models import CameBy, Clock, ClockKind, Complaint, Mail, Reason, Step
from complaints.reasons.tree import Tree, reason_tree
from complaints.refusals import Elsewhere, NotYourCoupon, ReasonGone, TooMany
from complaints.states import Acting
from coupons.models import Coupon
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.codes import new_code
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

FILED_A_DAY = (
    20  # more in 24 hours than anybody has to complain about; keeps a script from flooding the queue
)


@transaction.atomic
def file_complaint(
    person: User,
    *,
    shop: Shop,
    reason: str,
    said: str,
    key: UUID,
    moment: datetime,
    purchase: Purchase | None = None,
    coupon: Coupon | None = None,
    is_named: bool = False,
    files: Sequence[Checked] = (),
    taken_by: User | None = None,
    mail: Mail | None = None,
) -> Complaint:
    """Open a case about a shop, or about one purchase or coupon there, and promise the first answer.

    ``reason`` is a code of the tree. The shop learns who complains only if ``is_named``. ``taken_by`` wrote
    it down on the phone; ``mail`` is how it came, and has told the person its number already.

    The person's row is held, so that the same key twice at once still files one case.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if filed := Complaint.objects.filter(person=person, key=key).first():
        return _same_or_refuse(filed, shop, reason, said, purchase)
    _may_file(person, shop, purchase, coupon, moment)
    about, tree = {"purchase": purchase, "coupon": coupon, "is_named": is_named}, reason_tree()
    told = {"reason": _known(tree, reason), "said": said, "key": key, "filed_at": moment}
    complaint = _new(person, shop, taken_by, mail, **about, **told)
    _graded(complaint, tree)
    _filed(complaint, moment)
    attach(complaint, files, by=person, moment=moment)
    return complaint


def _new(person: User, shop: Shop, taken_by: User | None, mail: Mail | None, **fields: Any) -> Complaint:
    return Complaint(
        number=mail.number if mail and mail.number else free_number(),
        token=mail.token if mail else new_code(20),
        person=person,
        merchant=shop.merchant,
        shop=shop,
        came_by=CameBy.PHONE if taken_by else CameBy.MAIL if mail else CameBy.WEB,
        taken_by=taken_by,
        grams=grams(fields["said"]),
        **fields,
    )


def _same_or_refuse(
    filed: Complaint, shop: Shop, reason: str, said: str, purchase: Purchase | None
) -> Complaint:
    asked = (shop.pk, reason, said, purchase.pk if purchase else None)
    if (filed.shop_id, filed.reason_id, filed.said, filed.purchase_id) != asked:
        raise KeyReused
    return filed


def _known(tree: Tree, code: str) -> Reason:
    reason = tree.of_code.get(code)
    if reason is None or reason.is_retired:
        raise ReasonGone
    return reason


def _graded(complaint: Complaint, tree: Tree) -> None:
    """By the rules of today; who reads the case later sees which of them held."""
    complaint.graded_by = judged(filed_now(complaint), current_rules(), tree)
    if complaint.graded_by:
        complaint.grade = complaint.graded_by.grade


def _made_by(person: User, purchase: Purchase) -> bool:
    return Purchase.objects.made_by(person).filter(pk=purchase.pk).exists()


def _may_file(
    person: User, shop: Shop, purchase: Purchase | None, coupon: Coupon | None, moment: datetime
) -> None:
    if coupon and not Coupon.objects.held_by(person).filter(pk=coupon.pk, merchant=shop.merchant_id).exists():
        raise NotYourCoupon
    if purchase and (purchase.shop_id != shop.pk or not _made_by(person, purchase)):
        raise Elsewhere
    since = moment - timedelta(days=1)
    if Complaint.objects.filed_by(person).filter(filed_at__range=(since, moment)).count() >= FILED_A_DAY:
        raise TooMany


def _filed(complaint: Complaint, moment: datetime) -> None:
    clocks = begun(complaint, (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RESOLUTION), moment)
    complaint.due_at = min(clock.due_at for clock in clocks)
    complaint.save(force_insert=True)
    Clock.objects.bulk_create(clocks)
    Step.objects.create(
        complaint=complaint,
        after=complaint.state,
        role=Acting.CONSUMER,
        by=complaint.person,
        at=complaint.filed_at,
    )
    received = kinds.TAKEN_DOWN if complaint.taken_by_id else kinds.RECEIVED
    telling.person_told(complaint, received, occurrence="filed")
    telling.shop_told(complaint)
    publish(
        ComplaintFiled(
            complaint_id=complaint.pk,
            shop_id=complaint.shop_id,
            merchant_id=complaint.merchant_id,
            filed_at=complaint.filed_at.isoformat(),
        )
    )
