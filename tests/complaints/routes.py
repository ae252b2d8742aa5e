import uuid
from zoneinfo import ZoneInfo

from django.utils import timezone

from complaints import actions
from complaints.links import link_to
from complaints.models import Attachment, Survey
from portal.kernel.codes import new_code
from tests import cast
from tests.complaints.makers import (
    begin,
    close,
    make_agent,
    make_attachment,
    make_complaint,
    make_evidence,
    make_misconduct,
    promise,
    propose,
)
from tests.routes_values import World, open_to, posts, value


@value("token", "complaints:case")
@value("token", "complaints:decide")
def _(world: World) -> str:
    return make_complaint(world.shop, world.consumer).token


@value("token", "complaints:file")
def _(world: World) -> str:
    return make_attachment(world.consumer, world.shop).complaint.token


@value("code", "complaints:file")
def _(world: World) -> str:
    return Attachment.objects.latest("pk").code


@value("number", "complaints:at_shop")
def _(world: World) -> str:
    complaint, agent = make_complaint(world.shop, world.consumer), make_agent()
    return begin(complaint, agent, "merchant", why="请说明").number


@value("number", "complaints:file_at_shop")
def _(world: World) -> str:
    return make_evidence(make_complaint(world.shop, world.consumer), world.owner).complaint.number


@value("code", "complaints:file_at_shop")
def _(world: World) -> str:
    return Attachment.objects.latest("pk").code


open_to["complaints:file_at_shop"] = set()


@value("number", "complaints:offer")
def _(world: World) -> str:
    return make_complaint(world.shop, world.consumer).number


@value("remedy", "complaints:drop")
@value("remedy", "complaints:agree")
def _(world: World) -> str:
    complaint = make_complaint(world.shop, world.consumer)
    return str(propose(complaint, make_agent(), kind="service", worth=3800).pk)


@value("remedy", "complaints:done")
def _(world: World) -> str:
    complaint = make_complaint(world.shop, world.consumer)
    return str(promise(complaint, make_agent(), world.owner, kind="service", worth=3800).pk)


@value("token", "complaints:survey")
def _(world: World) -> str:
    complaint = close(make_complaint(world.shop, world.consumer))
    return Survey.objects.create(complaint=complaint, token=new_code(20), asked_at=timezone.now()).token


open_to["complaints:file"] = set()  # the walk outlives its media; tests/complaints/test_files.py opens them
open_to["complaints:case"] = {"consumer"}


@value("link", "complaints:linked")
@value("link", "complaints:linked_decide")
def _(world: World) -> str:
    return link_to(make_complaint(world.shop, world.consumer).token)


@value("link", "complaints:linked_file")
def _(world: World) -> str:
    return link_to(make_attachment(world.consumer, world.shop).complaint.token)


@value("code", "complaints:linked_file")
def _(world: World) -> str:
    return Attachment.objects.latest("pk").code


@value("number", "admin:complaints_mail_file")
def _(world: World) -> str:
    return "0"


open_to["complaints:linked_file"] = set()
posts["complaints:linked"] = lambda world: {"key": uuid.uuid4(), "said": "还没有人联系我"}
posts["complaints:linked_decide"] = lambda world: {"to": "withdrawn", "seen": 1}


@value("token", "complaints:misconduct_case")
def _(world: World) -> str:
    return make_misconduct(world.consumer, world.shop).token


open_to["complaints:misconduct_case"] = {"consumer"}
posts["complaints:misconduct"] = lambda world: {"key": uuid.uuid4(), "conduct": "fraud", "said": "收了两次钱"}
posts["complaints:misconduct_case"] = lambda world: {"key": uuid.uuid4(), "said": "有录像"}
posts["complaints:report"] = lambda world: {
    "key": uuid.uuid4(),
    "reason": "quality",
    "said": "头发剪坏了",
}
posts["complaints:case"] = lambda world: {"key": uuid.uuid4(), "said": "还没有人联系我"}
posts["complaints:at_shop"] = lambda world: {"key": uuid.uuid4(), "said": "已联系师傅", "seen": 4}
posts["complaints:decide"] = lambda world: {"to": "withdrawn", "seen": 1}
posts["complaints:agree"] = lambda world: {}
posts["complaints:drop"] = lambda world: {"why": "已经退过了"}
posts["complaints:offer"] = lambda world: {
    "key": uuid.uuid4(),
    "seen": 1,
    "kind": "service",
    "says": "免费重剪一次",
    "worth": "38",
}
posts["complaints:done"] = lambda world: {"proof": "11 月 22 日重剪"}
posts["complaints:survey"] = lambda world: {"score": 4}


@value("token", "admin:complaints_file")
def _(world: World) -> str:
    boss = cast.make_user(is_staff=True, is_superuser=True)
    facts = {"name": "old.csv", "source": "old", "zone": ZoneInfo("UTC"), "key": uuid.uuid4()}
    return actions.upload_cases(b"number,reported\n1,2025-02-01\n", by=boss, **facts).token
