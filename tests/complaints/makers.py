"""Makers of complaints and of the staff who answer them, built on the verbs."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, Reason
from merchants.models import Shop
from portal.kernel.models import User
from tests import cast

READS = ["view_complaint", "view_step", "view_reply", "view_internalnote"]


def make_complaint(
    shop: Shop,
    person: User | None = None,
    *,
    reason: str = Reason.QUALITY,
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


def make_agent(name: str = "小周", *, reads_only: bool = False) -> User:
    """Platform staff who answer complaints, or may only read them."""
    agent = cast.make_user(name=name, is_staff=True)
    if reads_only:
        agent.user_permissions.set(Permission.objects.filter(codename__in=READS))
    else:
        agent.groups.add(agents())
    return agent


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
        from_staff=True,
        moment=fields.pop("moment", timezone.now()),
        **fields,
    )
