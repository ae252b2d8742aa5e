"""Reports of misconduct: filed, answered and noted by those who may, and every look written down."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from complaints import kinds
from complaints.confidential import handles
from complaints.models import MisconductLook, MisconductNote, MisconductReply, MisconductReport
from complaints.numbers import new_number
from complaints.refusals import NotForYou, ReportClosed, TooMany
from merchants.models import Shop
from messaging.actions import tell
from portal.kernel.codes import new_code
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

REPORTED_A_DAY = 5
PAGE = "/me/complaints/"  # what the message leads to tells nobody what it is about


@transaction.atomic
def report_misconduct(
    person: User, *, conduct: str, said: str, key: UUID, moment: datetime, shop: Shop | None = None
) -> MisconductReport:
    """The person's row is held, so that the same key twice at once still files one report."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    mine = MisconductReport.objects.filed_by(person)
    if filed := mine.filter(key=key).first():
        if (filed.conduct, filed.said, filed.shop_id) != (conduct, said, shop.pk if shop else None):
            raise KeyReused
        return filed
    if mine.filed_since(moment - timedelta(days=1)).count() >= REPORTED_A_DAY:
        raise TooMany
    return MisconductReport.objects.create(
        number=new_number(),
        token=new_code(20),
        person=person,
        shop=shop,
        conduct=conduct,
        said=said,
        key=key,
        filed_at=moment,
    )


@transaction.atomic
def answer_misconduct(
    report: MisconductReport, *, by: User, said: str, key: UUID, moment: datetime, closes: bool = False
) -> MisconductReply:
    """The person and those who handle it; ``closes`` is for the latter."""
    report = _held(report)
    from_staff = report.person_id != by.pk
    if (from_staff and not handles(by, report)) or (closes and not from_staff):
        raise NotForYou
    if written := MisconductReply.objects.filter(key=key).first():
        if (written.report_id, written.by_id, written.said) != (report.pk, by.pk, said):
            raise KeyReused
        return written
    if report.closed_at:
        raise ReportClosed
    written = MisconductReply.objects.create(
        report=report, by=by, from_staff=from_staff, closes=closes, said=said, key=key, at=moment
    )
    if closes:
        report.closed_at = moment
        report.save(update_fields=["closed_at"])
    if from_staff:
        tell(report.person, kinds.CONFIDENTIAL, occurrence=f"reply:{written.key}", url=PAGE)
    return written


@transaction.atomic
def note_misconduct(
    report: MisconductReport, *, by: User, said: str, key: UUID, moment: datetime
) -> MisconductNote:
    report = _held(report)
    if not handles(by, report):
        raise NotForYou
    written, _made = MisconductNote.objects.get_or_create(
        key=key, defaults={"report": report, "by": by, "said": said, "at": moment}
    )
    if (written.report_id, written.by_id, written.said) != (report.pk, by.pk, said):
        raise KeyReused
    return written


@transaction.atomic
def look_at_misconduct(report: MisconductReport, *, by: User) -> bool:
    """Whether a member of the staff may read it; every look and every try is written down."""
    shown = handles(by, report)
    MisconductLook.objects.create(report=report, by=by, was_shown=shown)
    return shown


def _held(report: MisconductReport) -> MisconductReport:
    held = MisconductReport.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("shop", "person").get(pk=report.pk)
