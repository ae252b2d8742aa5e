"""Makers of complaints and of the staff who answer them, built on the verbs."""

import io
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from complaints import actions
from complaints.files import checked
from complaints.models import Attachment, Complaint, Duty, MisconductReport, Remedy
from merchants.models import Shop
from portal.kernel.models import User
from tests import cast

READS = ["view_complaint", "view_step", "view_reply", "view_internalnote", "view_escalation"]


def make_complaint(
    shop: Shop,
    person: User | None = None,
    *,
    reason: str = "quality",
    said: str = "洗头水太烫",
    moment: datetime | None = None,
    **fields: Any,
) -> Complaint:
    return actions.file_complaint(
        person or cast.make_user(),
        shop=shop,
        reason=reason,
        said=said,
        key=uuid.uuid4(),
        moment=moment or timezone.now(),
        **fields,
    )


def make_agent(name: str = "小周", *, reads_only: bool = False, leads: str = "") -> User:
    """Platform staff who answer complaints, or may only read them; ``leads`` as supervisor or manager."""
    agent = cast.make_user(name=name, is_staff=True)
    if reads_only:
        agent.user_permissions.set(Permission.objects.filter(codename__in=READS))
    else:
        agent.groups.add(agents())
    rights = {"supervisor": ["supervise_complaint"], "manager": ["supervise_complaint", "manage_complaint"]}
    agent.user_permissions.add(*Permission.objects.filter(codename__in=rights.get(leads, [])))
    return agent


def limited(*, leads: str = "", **duty: Any) -> User:
    """One of the desk who works on a region, on a reason, or on both."""
    agent = make_agent("小周", leads=leads)
    Duty.objects.create(user=agent, **duty)
    return agent


def begin(complaint: Complaint, agent: User, to: str = "investigating", **fields: Any) -> Complaint:
    """Take a case that has just come in somewhere along the desk's way."""
    moment = fields.pop("moment", None) or timezone.now()
    return actions.move(complaint, to, by=agent, moment=moment, **fields)


def close(complaint: Complaint, why: str = "店家已退款") -> Complaint:
    """End a case as a supervisor does."""
    boss = make_agent("主管", leads="supervisor")
    return actions.move(complaint, "closed", by=boss, moment=timezone.now(), why=why)


def agents() -> Group:
    """The group that the migration made; made again where a test has emptied the tables."""
    group, _ = Group.objects.get_or_create(name="Complaint agents")
    group.permissions.add(*Permission.objects.filter(codename__in=[*READS, "answer_complaint"]))
    return group


def answer(complaint: Complaint, agent: User, said: str = "我们看一下", **fields: Any) -> Any:
    return actions.reply(
        complaint,
        by=agent,
        said=said,
        key=fields.pop("key", uuid.uuid4()),
        moment=fields.pop("moment", timezone.now()),
        **fields,
    )


def ask_shop(complaint: Complaint, why: str = "请说明当时的情况", **fields: Any) -> Complaint:
    """An agent takes the case to where the shop has to answer."""
    return begin(complaint, make_agent(), "merchant", why=why, **fields)


def make_evidence(complaint: Complaint, member: User) -> Attachment:
    """A picture that the shop sends with its answer."""
    said = answer(ask_shop(complaint), member, "当时的照片", files=[checked(picture_file())])
    return said.attachments.get()


def make_handler(name: str = "小何") -> User:
    """Platform staff who were given the one right to handle misconduct reports."""
    handler = cast.make_user(name=name, is_staff=True)
    handler.user_permissions.set(Permission.objects.filter(codename="handle_misconduct"))
    return handler


def make_misconduct(person: User, shop: Shop | None = None, said: str = "店员威胁我") -> MisconductReport:
    return actions.report_misconduct(
        person, conduct="harass", said=said, key=uuid.uuid4(), moment=timezone.now(), shop=shop
    )


def picture_file(name: str = "photo.jpg", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    """A JPEG that says where it was taken."""
    content, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "CANARY-MAKER"
    Image.new("RGB", size, "red").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def make_attachment(person: User, shop: Shop) -> Attachment:
    complaint = make_complaint(shop, person, files=[checked(picture_file())])
    return complaint.attachments.get()


def propose(complaint: Complaint, by: User, *, kind: str = "service", **fields: Any) -> Remedy:
    facts = {"says": "我们会补偿您", "key": uuid.uuid4(), "moment": timezone.now()}
    return actions.propose_remedy(complaint, kind, by=by, **(facts | fields))


def promise(
    complaint: Complaint, agent: User, owner: User, *, and_apology: bool = False, **fields: Any
) -> Remedy:
    """A remedy that the merchant agreed to and the person accepted."""
    remedy, moment = propose(complaint, agent, **fields), timezone.now()
    if and_apology:
        propose(complaint, agent, kind="apology", says="非常抱歉")
    actions.approve_remedy(remedy, by=owner, moment=moment)
    answer(complaint, agent, "我们的方案", then="proposed")
    actions.move(complaint, "accepted", by=complaint.person, moment=moment)
    remedy.refresh_from_db()
    return remedy
