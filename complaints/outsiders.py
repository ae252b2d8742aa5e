"""Who asks for a case that isn't theirs finds nothing there, and the try is kept."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from complaints import actions
from complaints.models import Complaint
from merchants.models import Role
from merchants.web.access import merchant_staff
from portal.kernel.access import Policy


def nothing_here(request: HttpRequest, complaint: Complaint | None = None) -> Http404:
    """To be raised."""
    _note(request, complaint)
    return Http404()


def _note(request: HttpRequest, complaint: Complaint | None = None) -> None:
    """Who isn't signed in can't be named."""
    if request.user.is_authenticated:
        actions.note_try(
            request.user,
            method=request.method or "",
            path=request.path,
            complaint=complaint,
        )


def _noting(policy: Policy) -> Policy:
    def admit(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        try:
            answer = policy.admit(request, kwargs)
        except Http404:
            raise nothing_here(request) from None
        if answer is not None and answer.status_code == HTTPStatus.FORBIDDEN:
            _note(request)  # one of the merchant's own, who is told whom to ask
        return answer

    return Policy(policy.name, admit)


#: Owners and managers read the cases of their merchant.
MANAGERS = _noting(merchant_staff(Role.MANAGER))
