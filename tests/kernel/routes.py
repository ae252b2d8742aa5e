from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from portal.kernel import jobs
from portal.kernel.codes import issue_code
from portal.kernel.models import Job, JobState
from tests import cast
from tests.kernel import told
from tests.routes_values import World, anew, asks_to_sign_in, open_to, posts, queries, value

assert told


@value("token", "kernel:resolve")
def _(world: World) -> str:
    return issue_code("nobody's", 1)


@value("pk")
def _(world: World) -> int:
    return 1


# Django's admin: any row will do, its own guard comes first.
@value("object_id")
def _(world: World) -> str:
    return "1"


@value("content_type_id")
def _(world: World) -> int:
    return ContentType.objects.get_for_model(type(world.owner)).pk


@value("app_label")
def _(world: World) -> str:
    return "kernel"


@value("url")
def _(world: World) -> str:
    return "no-such-page"


@value("id")
def _(world: World) -> int:
    return world.owner.pk


open_to["kernel:resolve"] = set()  # nobody answers for this code: the page says so, with 404
open_to["kernel:job"] = {"consumer"}
open_to["kernel:job_result"] = set()  # the file itself has a test of its own


@value("token", "kernel:job")
@value("token", "kernel:job_cancel")
@value("token", "kernel:job_result")
def _(world: World) -> str:
    """One that is over, with a result of its starter's."""
    job = jobs.start_job("test.count", by=world.consumer)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, ended_at=timezone.now())
    return job.token


queries["consumers:nearby_geojson"] = "?near=31.2304,121.4737"
asks_to_sign_in.add("loyalty:join")


@value("token", "kernel:job_cancel")
def _(world: World) -> str:
    return jobs.start_job("test.count", by=world.consumer).token


posts["kernel:job_cancel"] = lambda world: {}
posts["home:preferences"] = lambda world: {"language": "en"}
posts["account_login"] = lambda world: {"login": cast.some_phone()}
posts["account_confirm_login_code"] = lambda world: {"code": "123456"}
anew["account_login"] = "each asking sends a code, within its limits"
anew["account_confirm_login_code"] = "a wrong code changes nothing; the right one has tests of its own"
