"""The page of a long piece of work: how far it is, stop it, fetch what came of it. Its starter's alone."""

from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import jobs
from portal.kernel.access import allow, signed_in
from portal.kernel.models import Job, JobState, User
from portal.kernel.web.pages import render_page

SHOWN_AS = {JobState.DONE_WITH_ERRORS: "errors"}


@allow(GET=signed_in)
def job(request: HttpRequest, token: str) -> HttpResponse:
    return render_page(request, "kernel/job.html", facts_of(_mine(request, token)), fragment="job")


@allow(POST=signed_in)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    jobs.cancel_job(_mine(request, token))
    return redirect("kernel:job", token)


@allow(GET=signed_in)
def result(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, to be saved and never shown: whatever is in it, no browser takes it for a page of ours."""
    found = _mine(request, token)
    if not (found.is_over and found.result):
        raise Http404
    name = str(found.result.name).rsplit("/", 1)[-1]
    answer = FileResponse(found.result.open("rb"), as_attachment=True, filename=name)
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _mine(request: HttpRequest, token: str) -> Job:
    return get_object_or_404(Job.objects.started_by(cast(User, request.user)), token=token)


def facts_of(found: Job) -> dict[str, Any]:
    now = timezone.now()
    state: str = SHOWN_AS.get(JobState(found.state), found.state)
    if found.has_stalled(now):
        state = "stalled"
    elif found.cancel_asked_at and not found.is_over:
        state = "cancelling"
    return {"job": found, "title": jobs.title_of(found), "state": state, "says": words(found, now)}


def words(found: Job, now: Any) -> str:
    """“1,204 of 4,963 · 3 rows need fixing · about 20 s left”; the guess only after 5 % and 5 seconds."""
    said = []
    if found.total:
        said.append(_("%(done)s of %(total)s") % {"done": f"{found.done:,}", "total": f"{found.total:,}"})
    if found.failed_rows:
        rows = ngettext("%(n)s row needs fixing", "%(n)s rows need fixing", found.failed_rows)
        said.append(rows % {"n": f"{found.failed_rows:,}"})
    gone = (now - found.started_at).total_seconds() if found.started_at else 0
    if not found.is_over and found.total and found.done * 20 >= found.total and gone > 5:
        left = round(gone * (found.total - found.done) / found.done)
        said.append(_("about %(seconds)s s left") % {"seconds": left})
    if found.note:
        said.append(found.note)
    return " · ".join(said)
