"""The staff's workplace at /staff/: queues first, a second step at the door, short sessions."""

import time
from collections.abc import Callable, Iterable
from functools import update_wrapper, wraps
from typing import Any, cast

import pghistory.models
from allauth.account.decorators import secure_admin_login
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.outsiders import nothing_here

View = Callable[..., Any]
SEEN = "staff_seen_at"
NOTED_EVERY = 60  # seconds: not every click needs to write the session
THEIRS = (
    "account.emailaddress",
    "account.emailconfirmation",
    "mfa.authenticator",
    "usersessions.usersession",
)


class StaffSite(AdminSite):
    """Registers what the apps offer; allauth's tables stay out, for they hold what staff needn't see.

    Every page of every app is behind ``admin_view``: to whom it isn't open there is nothing, and the
    try is kept.
    """

    site_header = gettext_lazy("Street Corner staff")
    site_title = gettext_lazy("Street Corner staff")
    index_title = gettext_lazy("Waiting for us")
    index_template = "admin/queues.html"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        offered = [model for model in models if model._meta.label_lower not in THEIRS]
        super().register(offered, admin_class, **options)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        guarded = super().admin_view(self._for_those_with_rights(view), cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if is_outsider(request):
                raise nothing_here(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(door, view)

    def _for_those_with_rights(self, view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            table = self._table_at(request)
            if table and not _opens_to(table, request):
                raise nothing_here(request)
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied:
                raise nothing_here(request) from None

        return page

    def _table_at(self, request: HttpRequest) -> ModelAdmin | None:
        """Whose pages the address belongs to, also those that are no methods of it: staff/app/table/…"""
        route = request.resolver_match.route if request.resolver_match else ""
        app, table = (*route.split("/")[1:3], "", "")[:2]
        model = apps.all_models[app].get(table) if app in apps.app_configs else None
        return self._registry.get(model) if model else None

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What people work on; the histories of tables stand on the page of their app."""
        groups = [
            group | {"models": [table for table in group["models"] if not _is_history(table)]}
            for group in self.get_app_list(request)
        ]
        own = {"app_list": [group for group in groups if group["models"]]}
        return super().index(request, own | (extra_context or {}))

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        try:
            return super().app_index(request, app_label, extra_context)
        except Http404:
            raise nothing_here(request) from None

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Looked up by the page that shows it, once: most pages of staff show it nowhere."""
        known: dict[str | None, Any] = request.__dict__.setdefault("staff_apps", {})
        if app_label not in known:
            look_up = super().get_app_list
            known[app_label] = SimpleLazyObject(lambda: look_up(request, app_label))
        return cast("list[Any]", known[app_label])

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request) and not has_gone_stale(request) and has_second_step(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign-in is the portal's own; who is already in is told what is missing."""
        if is_outsider(request):
            raise nothing_here(request)
        if is_staff(request) and has_gone_stale(request):
            logout(request)
            messages.info(request, _("You were away for a while. Sign in again to go on"))
            return redirect_to_login(request.GET.get("next", request.path))
        if is_staff(request) and not has_second_step(request):
            messages.warning(request, _("Staff pages need a second step: add an app or a passkey first"))
            return redirect("mfa_index")
        return secure_admin_login(super().login)(request, extra_context)


def _opens_to(table: ModelAdmin, request: HttpRequest) -> bool:
    """Whether there is anything there for the person; ``keeps_own_book`` notes tries at one row by itself."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    if getattr(table, "keeps_own_book", False) and str(name).endswith("_change"):
        return True
    return table.has_view_or_change_permission(request) or table.has_add_permission(request)


def is_outsider(request: HttpRequest) -> bool:
    """Signed in, and not as staff."""
    return request.user.is_authenticated and not is_staff(request)


def _is_history(table: dict[str, Any]) -> bool:
    return issubclass(table["model"], pghistory.models.Event)


def is_staff(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff)


def has_second_step(request: HttpRequest) -> bool:
    if not settings.STAFF_MFA_REQUIRED:
        return True
    if not hasattr(request, "has_second_step"):
        request.has_second_step = is_mfa_enabled(request.user)  # type: ignore[attr-defined]
    return bool(request.has_second_step)  # type: ignore[attr-defined]


def has_gone_stale(request: HttpRequest) -> bool:
    """Two hours idle or twelve after signing in: a consumer's half-year session opens no staff page."""
    now, entered = time.time(), signed_in_at(request)
    seen = max(entered, request.session.get(SEEN, 0.0))
    if now - entered > settings.STAFF_SESSION_SECONDS or now - seen > settings.STAFF_IDLE_SECONDS:
        return True
    if now - seen > NOTED_EVERY:
        request.session[SEEN] = now
    return False


def signed_in_at(request: HttpRequest) -> float:
    """When this session was proved last; a session that allauth didn't open counts from the last sign-in."""
    records = get_authentication_records(request, request.user)
    if records:
        return float(records[-1]["at"])
    last = request.user.last_login  # type: ignore[union-attr]
    return last.timestamp() if last else 0.0
