"""Who may use a merchant's pages: current staff, by their least role. Everybody else gets 404."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from merchants.models import Role, StaffMember
from portal.kernel.access import Policy, signed_in


def merchant_staff(least: Role) -> Policy:
    """Looks up the membership at every request, so a removed person is out at the next one.

    Puts ``request.merchant`` and ``request.role`` in place for the view.
    """

    def admit(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        if answer := signed_in.admit(request, kwargs):
            return answer
        work = (
            StaffMember.objects.current()
            .select_related("merchant")
            .filter(merchant__slug=kwargs["merchant"], user=request.user)
            .first()
        )
        if work is None or not Role(work.role).covers(least):
            raise Http404
        request.merchant, request.role = work.merchant, Role(work.role)  # type: ignore[attr-defined]
        return None

    return Policy(f"{least.value} of the merchant", admit)
