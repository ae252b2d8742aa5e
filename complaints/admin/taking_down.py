"""A complaint by phone in the admin: first the shop, then what the caller says."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions
from complaints.duties import covers
from complaints.models import Complaint
from complaints.outsiders import nothing_here
from complaints.reasons.field import ReasonField
from complaints.roles import MAY_ANSWER
from complaints.said import said_field
from merchants.models import Shop
from portal.kernel.forms import KeyedForm, PhoneField
from portal.kernel.refused import Refused

FOUND_SHOWN = 20


class TakeDownForm(KeyedForm):
    phone = PhoneField(label=gettext_lazy("The caller’s phone number"))
    name = forms.CharField(label=gettext_lazy("The caller’s name"), max_length=60, required=False)
    reason = ReasonField(label=gettext_lazy("What is it about?"))
    said = said_field(gettext_lazy("What the caller says"))
    is_named = forms.BooleanField(label=gettext_lazy("The shop may know who it is"), required=False)


def take_down(case: Any, request: HttpRequest) -> HttpResponse:
    """``case`` is the ModelAdmin of complaints."""
    if not (case.has_view_permission(request) and request.user.has_perm(MAY_ANSWER)):
        raise nothing_here(request)
    shop = Shop.objects.select_related("merchant").filter(slug=request.GET.get("shop", "")).first()
    form, status = TakeDownForm.fresh(), 200
    if request.method == "POST" and shop:
        form, status = TakeDownForm(request.POST), 422
        if form.is_valid():
            try:
                return _opened(request, _taken(request, shop, form))
            except Refused as refusal:
                form.add_error(None, str(refusal))
    asked = request.GET.get("q", "").strip()
    context = {
        **case.admin_site.each_context(request),
        "title": _("Complaint by phone"),
        "opts": Complaint._meta,
        "media": case.media,
        "shop": shop,
        "asked": asked,
        "found": shops_called(asked) if asked else [],
        "form": form,
    }
    template = "admin/complaints/complaint/take_down.html"
    return TemplateResponse(request, template, context, status=status)


def _taken(request: HttpRequest, shop: Shop, form: TakeDownForm) -> Complaint:
    return actions.take_down(by=request.user, shop=shop, moment=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]


def _opened(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """The case itself; of one for colleagues with other duties only its number, to tell the caller."""
    if covers(request.user, complaint):  # type: ignore[arg-type]
        return redirect("admin:complaints_complaint_change", complaint.pk)
    told = _("Case %(number)s is open; colleagues work on it.") % {"number": complaint.number_in_groups}
    messages.success(request, told)
    return redirect("admin:complaints_complaint_changelist")


def shops_called(asked: str) -> list[Shop]:
    named = Q(name__icontains=asked) | Q(name_en__icontains=asked) | Q(slug=asked.lower())
    return list(Shop.objects.filter(named).order_by("-pk")[:FOUND_SHOWN])
