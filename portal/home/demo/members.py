"""What the first merchant of the demo has done with its members: an old list, walk-ins, an odd afternoon."""

import uuid
from datetime import datetime, time, timedelta

from loyalty import actions
from loyalty.models import MemberImport
from portal.home.demo.days import ZONE
from portal.home.demo.merchants import Business
from portal.home.demo.people import SURNAMES
from portal.kernel import jobs

LIST = """手机号,姓名,会员卡号,积分,入会日期,会员等级
{rows}
1381234,王女士,Q-0099,15,2024-03-05,普通
"""
OLD_MEMBERS = 18
LEVELS = ("金卡", "银卡", "", "", "", "")
WALK_IN, TWIN = "+8619900007001", "+8619900007002"  # nobody's: texts of the demo go to a page


def bring_members(business: Business, now: datetime) -> None:
    """A list of eighteen and one bad row, two cards of one person, and points that no sale explains."""
    merchant, owner = business.merchant, business.owner
    batch = actions.upload_members(
        merchant, _list().encode("gb18030"), name="青禾会员.csv", by=owner, key=uuid.uuid4()
    )
    actions.check_members(batch, mapping=batch.mapping, header=batch.header, region="CN", by=owner)
    jobs.run_due()
    actions.confirm_import(MemberImport.objects.get(pk=batch.pk), by=owner)
    jobs.run_due()
    card = actions.enrol(business.programme, WALK_IN, name="周女士", by=business.till)
    twin = actions.enrol(business.programme, TWIN, name="周女士", by=business.till)
    yesterday = now.astimezone(ZONE).date() - timedelta(days=1)
    for minute in range(4):
        actions.earn(
            twin if minute else card,
            200,
            key=uuid.uuid4(),
            shop=business.shops[0],
            by=business.till,
            moment=datetime.combine(yesterday, time(14, 5 + minute), ZONE),
        )


def _list() -> str:
    rows = (
        f"1990000{6000 + n},{SURNAMES[n]}女士,Q-{n:04d},{40 + 15 * n},2023-0{n % 9 + 1}-12,{LEVELS[n % 6]}"
        for n in range(1, OLD_MEMBERS + 1)
    )
    return LIST.format(rows="\n".join(rows))
