"""The page of one mail, and the doors through which something comes of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from complaints import actions
from complaints.admin.mail_forms import CaseForm, DiscardForm, JoinForm, NoForm
from complaints.admin.taking_down import shops_called
from complaints.admin.within import case_within
from complaints.duties import covers, seen_or_free
from complaints.mailbox.facts import facts_of_mail, file_in, raw_of
from complaints.mailbox.reading import Unreadable
from complaints.models import Mail, MailState
from complaints.roles import MAY_ANSWER
from merchants.models import Shop
from portal.kernel.models import User
from portal.kernel.refused import Refused

Admin = Any  # the ModelAdmin of mail
Act = Callable[[Mail, User, dict[str, Any]], Any]


def _case(mail: Mail, by: User, said: dict[str, Any]) -> Any:
    return actions.case_from_mail(mail, by=by, moment=timezone.now(), **said)


def _join(mail: Mail, by: User, said: dict[str, Any]) -> Any:
    return actions.join_mail(mail, said["number"], by=by, moment=timezone.now())


def _discard(mail: Mail, by: User, said: dict[str, Any]) -> Any:
    return actions.discard_mail(mail, by=by, why=said["why"], moment=timezone.now())


def _back(mail: Mail, by: User, said: dict[str, Any]) -> Any:
    return actions.put_back(mail, by=by)


def _again(mail: Mail, by: User, said: dict[str, Any]) -> Any:
    return actions.read_again(mail, by=by, moment=timezone.now())


DOORS: dict[str, tuple[type[forms.Form], Act, Any]] = {
    "case": (CaseForm, _case, gettext_lazy("The case is open, under the number that the person knows.")),
    "join": (JoinForm, _join, gettext_lazy("The mail is in the case.")),
    "discard": (DiscardForm, _discard, gettext_lazy("The mail is discarded.")),
    "back": (NoForm, _back, gettext_lazy("The mail waits to be sorted.")),
    "again": (NoForm, _again, gettext_lazy("The mail was read again.")),
}


def door(admin: Admin, name: str) -> Callable[..., HttpResponse]:
    form_class, act, done = DOORS[name]

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not may_sort(admin, request):
            raise PermissionDenied
        mail, form = _mail(request, pk), form_class(request.POST)
        if form.is_valid():
            try:
                act(mail, request.user, form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, done)
                return redirect(_after(request, pk))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except Unreadable as fault:
                form.add_error(None, _("It still can’t be read: %(why)s") % {"why": fault})
        return show(admin, request, pk, bound={name: form}, status=422)

    return view


def _after(request: HttpRequest, pk: int) -> str:
    """The case that came of it; else the mail; of a case for colleagues with other duties the list."""
    mail = Mail.objects.select_related("complaint").get(pk=pk)
    if mail.complaint and not covers(request.user, mail.complaint):  # type: ignore[arg-type]
        return reverse("admin:complaints_mail_changelist")
    if mail.complaint_id and not mail.waits:
        return reverse("admin:complaints_complaint_change", args=[mail.complaint_id])
    return reverse("admin:complaints_mail_change", args=[pk])


def show(
    admin: Admin,
    request: HttpRequest,
    pk: Any,
    *,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    mail, bound, asked = _mail(request, pk), bound or {}, request.GET.get("q", "").strip()
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Mail of %(name)s") % {"name": mail.says_who()},
        "opts": Mail._meta,
        "media": admin.media,
        "mail": mail,
        "facts": facts_of_mail(mail, request.user),  # type: ignore[arg-type]
        "may_sort": may_sort(admin, request),
        "is_waiting": mail.state == MailState.TO_SORT,
        "may_put_back": mail.state in (MailState.SKIPPED, MailState.DISCARDED) and bool(mail.raw),
        "asked": asked,
        "chosen": _chosen(request),
        "found": shops_called(asked) if asked else [],
        "refusals": [str(one) for form in bound.values() for said in form.errors.values() for one in said],
        "case": bound.get("case", CaseForm(auto_id="case-%s")),
        "join": bound.get("join", JoinForm(auto_id="join-%s")),
        "discard": bound.get("discard", DiscardForm(auto_id="discard-%s")),
        "next": _next(mail, request.user),  # type: ignore[arg-type]
    }
    return TemplateResponse(request, "admin/complaints/mail/mail.html", context, status=status)


def _chosen(request: HttpRequest) -> Shop | None:
    """The shop that was picked from the list, or sent with a form that came back."""
    slug = request.POST.get("shop") or request.GET.get("shop", "")
    return Shop.objects.select_related("merchant").filter(slug=slug).first() if slug else None


def _next(mail: Mail, reader: User) -> Mail | None:
    theirs = Mail.objects.waiting().filter(seen_or_free(reader, "complaint"))
    return theirs.exclude(pk=mail.pk).order_by("received_at", "pk").first()


def file(admin: Admin) -> Callable[..., HttpResponseBase]:
    """One file of the mail, made harmless as those of a case; ``number`` counts them from nought."""

    @require_GET
    def view(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        mail = _looked_at(admin, request, pk, f"file {number}")
        return file_in(mail, number)

    return view


def raw(admin: Admin) -> Callable[..., HttpResponseBase]:
    @require_GET
    def view(request: HttpRequest, pk: int) -> HttpResponseBase:
        return raw_of(_looked_at(admin, request, pk, "raw"))

    return view


def may_sort(admin: Admin, request: HttpRequest) -> bool:
    return bool(admin.has_view_permission(request) and request.user.has_perm(MAY_ANSWER))


def _looked_at(admin: Admin, request: HttpRequest, pk: int, what: str) -> Mail:
    mail = _mail(request, pk)
    shown = actions.look_at_mail(mail, what, by=request.user)  # type: ignore[arg-type]
    if not shown or not admin.has_view_permission(request) or not mail.raw:
        raise Http404
    return mail


def _mail(request: HttpRequest, pk: Any) -> Mail:
    try:
        mail = Mail.objects.select_related("complaint", "reply", "follows", "settled_by").get(pk=pk)
    except (Mail.DoesNotExist, ValueError):
        raise Http404(_("There is no such mail.")) from None
    if mail.complaint:
        case_within(request, mail.complaint)
    return mail
