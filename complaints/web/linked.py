"""A case by the link of a message, without signing in: this one case and nothing else of anybody."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.links import LIVES, token_of
from complaints.models import Attachment, Complaint
from complaints.web import waiting
from complaints.web.case_page import Place, decided, shown_or_answered
from complaints.web.files import answered_with
from portal.kernel.access import allow, anyone
from portal.kernel.limits import Limit, take, used_up
from portal.kernel.web import client_address, render_page

WRONG = Limit("links of cases that are none", most=20, seconds=3600)
SAID = Limit("words and decisions by the link of a case", most=30, seconds=3600)
View = Callable[..., HttpResponseBase]


def by_link(view: View) -> View:
    """Gives the view the case of the link. Nothing of it is kept on the way or found by search engines."""

    @wraps(view)
    def opened(request: HttpRequest, link: str, **rest: Any) -> HttpResponseBase:
        answer = _opened(request, link, view, rest)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return opened


def _opened(request: HttpRequest, link: str, view: View, rest: dict[str, Any]) -> HttpResponseBase:
    address = client_address(request)
    if used_up(WRONG, address):
        return _over(request, _("That was often enough for now. Try again in an hour."), 429)
    try:
        token = token_of(link)
    except SignatureExpired:
        return _over(request, _("Such a link is good for %(days)d days.") % {"days": LIVES.days}, 410)
    except BadSignature:
        take(WRONG, address)
        raise Http404 from None
    known = Complaint.objects.select_related("shop", "purchase", "person", "reason")
    complaint = known.filter(token=token, person__is_active=True).first()
    if complaint is None:
        return waiting.shown(request, token)
    if request.method == "POST" and not take(SAID, complaint.pk):
        return _over(request, _("That was often enough for now. Try again in an hour."), 429)
    return view(request, complaint, link, **rest)


def _over(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render_page(request, "complaints/link_over.html", {"words": words}, status=status)


def _place(link: str) -> Place:
    here, decide = (reverse(f"complaints:{name}", args=[link]) for name in ("linked", "linked_decide"))
    return Place(here, decide, link)


@allow(GET=anyone, POST=anyone)
@by_link
def case(request: HttpRequest, complaint: Complaint, link: str) -> HttpResponse:
    """Who is signed in as the person reads the case among the others."""
    if request.method != "POST" and request.user.pk == complaint.person_id:
        return redirect("complaints:case", complaint.token)
    return shown_or_answered(request, complaint, _place(link))


@allow(POST=anyone)
@by_link
def decide(request: HttpRequest, complaint: Complaint, link: str) -> HttpResponse:
    return decided(request, complaint, _place(link))


@allow(GET=anyone)
@by_link
def file(request: HttpRequest, complaint: Complaint, link: str, code: str) -> HttpResponseBase:
    found = get_object_or_404(Attachment.objects.select_related("reply"), complaint=complaint, code=code)
    return answered_with(found, by=complaint.person)
