"""Who may use a merchant's pages: current staff, by their least role. Everybody else gets 404."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from merchants.models import Merchant, Role, StaffMember
from portal.kernel.access import Policy, signed_in
from portal.kernel.models import User
from portal.kernel.web import render_page


def merchant_staff(least: Role) -> Policy:
    """Looks up the membership at every request, so a removed person is out at the next one.

    Puts ``request.merchant`` and ``request.role`` in place for the view. Who works here in a lesser
    role learns whom to ask; who doesn't work here learns nothing.
    """

    def admit(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        if answer := signed_in.admit(request, kwargs):
            return answer
        work = (
            StaffMember.objects.current()
            .select_related("merchant")
            .filter(merchant__slug=kwargs["merchant"], user=request.user.pk)
            .first()
        )
        if work is None:
            raise Http404
        request.merchant, request.role = work.merchant, Role(work.role)  # type: ignore[attr-defined]
        return None if Role(work.role).covers(least) else _locked(request, least)

    return Policy(f"{least.value} of the merchant", admit)


def _locked(request: HttpRequest, least: Role) -> HttpResponse:
    merchant = request.merchant  # type: ignore[attr-defined]
    return render_page(request, "merchants/locked.html", {"reason": who_may(merchant, least)}, status=403)


def who_may(merchant: Merchant, least: Role) -> str:
    """The sentence for something that is visible but locked: who may do it and whom to ask."""
    members = StaffMember.objects.current().filter(merchant=merchant, role=Role.OWNER)
    owner = members.select_related("user").order_by("pk").first()
    name = owner.user.says() if owner else merchant.name
    if least == Role.OWNER:
        return _("Only the owner can do this. Ask %(name)s.") % {"name": name}
    return _("Only owners and managers can do this. Ask %(name)s.") % {"name": name}


class MerchantRequest(HttpRequest):
    """A request that ``merchant_staff`` has let in: it knows for whom and in which role."""

    user: User
    merchant: Merchant
    role: Role
