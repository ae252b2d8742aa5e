"""Who asks for a case that isn't theirs finds nothing there, and the try is kept."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from complaints import actions
from complaints.models import Complaint
from merchants.models import Role
from merchants.web.access import merchant_staff
from portal.kernel.access import Policy


def nothing_here(request: HttpRequest, complaint: Complaint | None = None) -> Http404:
    """To be raised. Who isn't signed in can't be named."""
    if request.user.is_authenticated:
        actions.note_try(
            request.user,
            method=request.method or "",
            path=request.path,
            complaint=complaint,
        )
    return Http404()


def _noting(policy: Policy) -> Policy:
    def admit(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        try:
            return policy.admit(request, kwargs)
        except Http404:
            raise nothing_here(request) from None

    return Policy(policy.name, admit)


#: Owners and managers read the cases of their merchant.
MANAGERS = _noting(merchant_staff(Role.MANAGER))
