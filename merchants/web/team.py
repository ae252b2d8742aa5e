"""The team: who works here in which role, invitations, and the page on which one is accepted."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.actions.staff import proven
from merchants.models import Invitation, Role, StaffMember
from merchants.web.access import MerchantRequest, merchant_staff
from merchants.web.forms import InviteForm, MerchantForm, RoleForm
from portal.kernel.access import allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

OWNER = merchant_staff(Role.OWNER)


@allow(GET=OWNER, POST=OWNER)
def settings(request: MerchantRequest, merchant: str) -> HttpResponse:
    form = MerchantForm(request.POST or None, initial=vars(request.merchant))
    if request.method == "POST" and form.is_valid():
        actions.rename_merchant(request.merchant, **form.cleaned_data)
        messages.success(request, _("Saved"))
        return redirect("merchants:settings", merchant)
    return render_page(request, "merchants/settings.html", {"form": form}, status=422 if form.errors else 200)


@allow(GET=OWNER, POST=OWNER)
def team(request: MerchantRequest, merchant: str) -> HttpResponse:
    """POST invites somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = Role(form.cleaned_data["role"])
            actions.invite_staff(request.merchant, role=role, by=request.user, **form.cleaned_data["who"])
            messages.success(request, _("Invited. The invitation is good for seven days."))
            return redirect("merchants:team", merchant)
        except Refused as refusal:
            form.add_error("who", str(refusal))
    return _team_page(request, form)


def _team_page(request: MerchantRequest, form: InviteForm | None = None) -> HttpResponse:
    members = request.merchant.staff.current().select_related("user").order_by("joined_at", "pk")
    waiting = request.merchant.invitations.waiting().order_by("-pk")
    context = {
        "members": members[:200],
        "waiting": waiting[:50],
        "roles": Role.choices,
        "form": form or InviteForm(),
    }
    return render_page(request, "merchants/team.html", context, status=422 if form and form.errors else 200)


@allow(POST=OWNER)
def change_member(request: MerchantRequest, merchant: str, member: int) -> HttpResponse:
    """Another role, or off the team; both count from the person's next request."""
    person = get_object_or_404(request.merchant.staff.current().select_related("merchant", "user"), pk=member)
    try:
        if "remove" in request.POST:
            return _remove(request, person)
        form = RoleForm(request.POST)
        if form.is_valid():
            actions.change_role(person, Role(form.cleaned_data["role"]))
            messages.success(request, _("Saved"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("merchants:team", merchant)


def _remove(request: MerchantRequest, person: StaffMember) -> HttpResponse:
    """Who takes themselves off has no team page to go back to."""
    actions.remove_staff(person)
    messages.success(request, _("%(name)s is off the team.") % {"name": person.user.says()})
    if person.user_id == request.user.pk:
        return redirect("merchants:choose")
    return redirect("merchants:team", request.merchant.slug)


@allow(POST=OWNER)
def withdraw(request: MerchantRequest, merchant: str, invitation: int) -> HttpResponse:
    offer = get_object_or_404(request.merchant.invitations.all(), pk=invitation)
    actions.withdraw_invitation(offer)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("merchants:team", merchant)


@allow(GET=signed_in, POST=signed_in)
def invitation(request: MerchantRequest, token: str) -> HttpResponse:
    """What the link in the message opens. Only who was invited may say yes."""
    offer = Invitation.objects.select_related("merchant", "by").filter(token=token).first()
    if offer is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            member = actions.accept_invitation(offer.token, user=request.user)
            return redirect(member.merchant.console)
        except Refused as refusal:
            error = str(refusal)
    context = {"offer": offer, "error": error, "mine": proven(offer, request.user)}
    return render_page(request, "merchants/invitation.html", context, status=422 if error else 200)
