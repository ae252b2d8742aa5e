"""A week of the demo town's complaints desk: some fresh, some waiting, some solved."""

import random
import uuid
from datetime import datetime, timedelta
from typing import cast

from complaints import actions
from complaints.models import Cause, Complaint, Remedy, RemedyKind
from complaints.states import ComplaintState
from merchants.models import Customer, Role, StaffMember
from orders.models import Purchase
from portal.kernel.models import User

SAID = (
    (
        "quality",
        "衬衫洗完领口还有印子，当时说好会处理的。",
        "很抱歉。店家答应今天免费重洗，您方便时带来即可。",
    ),
    (
        "price-shown",
        "价目表写 38，结账收了 58，店员说是节假日价。",
        "我们向店家核实：那天不是节假日，多收的 20 元会退还。",
    ),
    ("card-points", "消费后积分没有到账。", "积分已核对，是扫了旧卡。已请店家补上。"),
    ("conduct", "等了四十分钟没人理，问的时候态度也不好。", "给您添堵了。店长会亲自联系您说明情况。"),
    ("listing-hours", "地图上写营业到十点，八点半到已经关门了。", "店家已更正营业时间，谢谢您告诉我们。"),
    (
        "quality-missing",
        "Half of my order was missing from the bag.",
        "We are sorry. The shop will make the missing items again for you.",
    ),
    (
        "price",
        "The coupon was not taken off although the bill was high enough.",
        "The shop has checked its till and will honour the coupon.",
    ),
    ("other", "店里的收银台总是没人。", "谢谢提醒，已转告店家安排人手。"),
)
#: What the desk finds behind each reason; the codes are those of the tree that the portal begins with.
CAUSES = {
    "quality": "service-quality",
    "price": "price-wrong",
    "card": "card-points",
    "conduct": "service-conduct",
    "listing": "listing-hours",
}


ASKED = "请店长说明当天的情况，并告知可以怎样补救。"


def file_cases(dice: random.Random, agent: User, consumer: User, now: datetime) -> int:
    """About recent purchases, one or two a day; the demo's consumer has one that waits for an answer."""
    recent = Purchase.objects.standing().filter(
        customer__user__isnull=False, made_at__gt=now - timedelta(days=12)
    )
    purchases = list(recent.select_related("customer__user", "shop__merchant").order_by("pk"))
    theirs = [purchase for purchase in purchases if _buyer(purchase) == consumer][-1:]
    chosen = theirs + dice.sample(purchases, min(len(SAID) - len(theirs), len(purchases)))
    for (reason, said, answer), purchase in zip(SAID, chosen, strict=False):
        filed = min(purchase.made_at + timedelta(hours=dice.randint(2, 30)), now - timedelta(minutes=20))
        case = actions.file_complaint(
            _buyer(purchase),
            shop=purchase.shop,
            purchase=purchase,
            reason=reason,
            said=said,
            key=uuid.UUID(int=dice.getrandbits(128)),
            moment=filed,
        )
        if purchase not in theirs:
            _answer(dice, case, agent, answer, filed, now)
    return min(len(SAID), len(chosen))


def _buyer(purchase: Purchase) -> User:
    """The query above asked for purchases of people with an account."""
    return cast(Customer, purchase.customer).user  # type: ignore[return-value]


def _answer(
    dice: random.Random, case: Complaint, agent: User, answer: str, filed: datetime, now: datetime
) -> None:
    answered = filed + timedelta(hours=dice.randint(1, 20))
    if answered >= now or dice.random() < 0.3:
        return
    then = dice.choice(
        ("", ComplaintState.AWAITING_MERCHANT, ComplaintState.PROPOSED, ComplaintState.RESOLVED)
    )
    key = uuid.UUID(int=dice.getrandbits(128))
    actions.reply(case, by=agent, said=answer, key=key, moment=answered)
    _look_into(dice, case, agent, then, answered)
    if then == ComplaintState.RESOLVED and case.merchant_id:
        _put_right(dice, case, agent, answered)
    elif then:
        why = ASKED if then == ComplaintState.AWAITING_MERCHANT else ""
        actions.move(case, then, by=agent, moment=answered + timedelta(minutes=5), why=why)


def _look_into(dice: random.Random, case: Complaint, agent: User, then: str, moment: datetime) -> None:
    """Its cause; a proposal with an apology; and where nothing is proposed yet, what waits for the shop."""
    if cause := Cause.objects.filter(code=CAUSES.get(case.reason_id.partition("-")[0], "none")).first():
        actions.find_causes(case, cause, by=agent)
    if case.merchant_id is None:
        return
    if then == ComplaintState.PROPOSED:
        _offer(dice, case, RemedyKind.APOLOGY, agent, moment)
    elif then == ComplaintState.AWAITING_MERCHANT:
        _offer(dice, case, RemedyKind.SERVICE, _owner(case), moment)
    elif not then:
        _offer(dice, case, RemedyKind.SERVICE, agent, moment)


def _put_right(dice: random.Random, case: Complaint, agent: User, moment: datetime) -> None:
    """The shop offers, the person accepts, the shop does it: the case is solved by that."""
    owner, person = _owner(case), case.person
    apology = _offer(dice, case, RemedyKind.APOLOGY, agent, moment)
    service = _offer(dice, case, RemedyKind.SERVICE, owner, moment)
    actions.move(case, ComplaintState.PROPOSED, by=agent, moment=moment + timedelta(minutes=5))
    actions.move(case, ComplaintState.ACCEPTED, by=person, moment=moment + timedelta(minutes=9))
    actions.execute_remedy(apology, by=None, moment=moment + timedelta(minutes=10))
    actions.execute_remedy(service, by=owner, moment=moment + timedelta(minutes=15), proof="当天到店重做")


def _offer(dice: random.Random, case: Complaint, kind: RemedyKind, by: User, moment: datetime) -> Remedy:
    is_apology = kind == RemedyKind.APOLOGY
    return actions.propose_remedy(
        case,
        kind,
        by=by,
        says="给您添麻烦了，非常抱歉。" if is_apology else "免费重做一次，您方便时带来即可。",
        worth=0 if is_apology else 3800,
        key=uuid.UUID(int=dice.getrandbits(128)),
        moment=moment,
    )


def _owner(case: Complaint) -> User:
    """Whoever answers for the merchant."""
    staff = StaffMember.objects.current().filter(merchant=case.merchant_id, role=Role.OWNER)
    return staff.select_related("user").order_by("pk")[0].user
