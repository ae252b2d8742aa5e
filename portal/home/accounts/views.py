"""Signing in: say who you are, type the code. Everything else about accounts is allauth's pages."""

from dataclasses import dataclass
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.home.accounts.contacts import Way
from portal.home.accounts.entrance import Entrance
from portal.home.accounts.forms import CodeForm, EntranceForm
from portal.home.accounts.onward import why_sign_in
from portal.kernel.access import allow, anyone, signed_in
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

NEXT = "next"


@allow(GET=anyone, POST=anyone)
@never_cache
@sensitive_post_parameters("password")
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in or sign up: the same box for both."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "/")
    if request.method != "POST":
        return _entrance(request, EntranceForm())
    form = EntranceForm(request.POST)
    if form.is_valid():
        try:
            return _by_password(request, form) or _by_code(request, form)
        except ValidationError as refusal:
            form.add_error("password", refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _entrance(request, form, status=refusal.status)
    return _entrance(request, form, status=422)


def _by_password(request: HttpRequest, form: EntranceForm) -> HttpResponse | None:
    password, contact = form.cleaned_data["password"], form.cleaned_data["login"]
    if not password:
        return None
    adapter = get_adapter(request)
    credentials = {contact.way.value: contact.value, "password": password}
    user = adapter.authenticate(request, **credentials)
    if user is None:
        raise adapter.validation_error(f"{contact.way.value}_password_mismatch")
    login = Login(user=user, redirect_url=get_next_redirect_url(request))
    return perform_password_login(request, credentials, login)


def _by_code(request: HttpRequest, form: EntranceForm) -> HttpResponse:
    Entrance.begin(request, form.cleaned_data["login"])
    return redirect(passthrough_next_redirect_url(request, reverse("account_confirm_login_code"), NEXT))


def _entrance(request: HttpRequest, form: EntranceForm, status: int = 200) -> HttpResponse:
    onward = get_next_redirect_url(request)
    context = get_entrance_context_data(request) | {"form": form, "next": onward, "why": why_sign_in(onward)}
    if onward:  # for the form of the passkey, which is allauth's
        context["redirect_field"] = format_html('<input type="hidden" name="{}" value="{}">', NEXT, onward)
    return render_page(request, "account/login.html", context, status=status)


@allow(GET=anyone, POST=anyone)
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
def enter_code(request: HttpRequest) -> HttpResponse:
    """The six digits; five tries for each code sent, each code for five minutes."""
    pending = Entrance(request._login_stage)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _code_page(request, pending, CodeForm())
    if request.POST.get("action") == "resend":
        return _resend(request, pending)
    left = pending.count_try()
    form = CodeForm(request.POST, expected=pending.code, tries_left=max(left, 0))
    valid = form.is_valid()
    if not pending.is_valid():
        form.add_error("code", _("The code has expired. Send a new one"))
    elif left < 0 or (left == 0 and not valid):
        form.errors.pop("code", None)
        form.add_error("code", _("Too many wrong codes. Send a new one"))
    elif valid:
        return pending.finish(get_next_redirect_url(request))
    return _code_page(request, pending, form, status=422)


def _resend(request: HttpRequest, pending: Entrance) -> HttpResponse:
    try:
        pending.resend()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A new code is on its way"))
    return redirect(passthrough_next_redirect_url(request, request.path, NEXT))


def _code_page(request: HttpRequest, pending: Entrance, form: CodeForm, status: int = 200) -> HttpResponse:
    contact = pending.contact
    context = {"form": form, "sent_to": contact.value, "by_text": contact.way is Way.PHONE}
    context["next"] = get_next_redirect_url(request)
    return render_page(request, "account/confirm_login_code.html", context, status=status)


@dataclass(frozen=True)
class Place:
    """One row of the account page."""

    title: Any
    href: str
    icon: str
    says: str = ""


@allow(GET=signed_in)
def account(request: HttpRequest) -> HttpResponse:
    """Everything about the account and its safety, with what it is now."""
    person = cast(User, request.user)
    second = _("On") if is_mfa_enabled(person) else _("Off")
    password = _("Set") if person.has_usable_password() else _("None: you sign in by code")
    places = [
        Place(_("Phone number"), reverse("account_change_phone"), "phone", person.phone or _("None")),
        Place(_("E-mail"), reverse("account_email"), "mail", person.email or _("None")),
        Place(_("Password"), reverse("account_change_password"), "lock", password),
        Place(_("Second step and passkeys"), reverse("mfa_index"), "key", second),
        Place(_("Signed-in devices"), reverse("usersessions_list"), "settings"),
    ]
    return render_page(request, "account/index.html", {"places": places})


@allow(GET=anyone)
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is one door: who is new gets an account by the first code."""
    return redirect(passthrough_next_redirect_url(request, reverse("account_login"), NEXT))
