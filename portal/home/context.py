"""What the frame around every page shows: for whom, where they are, and how they like to read.

Both processors are lazy: a page piece that has no frame costs nothing. A visitor costs no query, a signed-in
person one.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consumers.models import Conversation
from merchants.models import Merchant, Role, StaffMember
from messaging.models import Message
from portal.kernel.models import User


@dataclass(frozen=True)
class Section:
    """One place in the navigation; `begins` are the paths that belong to it."""

    label: Any
    path: str
    icon: str
    begins: tuple[str, ...] = ()
    least: Role = Role.CASHIER
    on_phone: bool = False


MESSAGES = "mail"  # the icon of the section whose badge counts what the team hasn't read
CONSUMER = (
    Section(_("Nearby"), "/nearby/", "pin", ("/nearby/", "/s/")),
    Section(_("Coupons"), "/me/coupons/", "ticket", ("/me/coupons/", "/coupons/")),
    Section(_("Cards"), "/me/cards/", "card", ("/me/cards/",)),
    Section(_("Me"), "/me/", "user", ("/me/", "/accounts/")),
)
CONSOLE = (
    Section(_("Today"), "", "home", on_phone=True),
    Section(_("Counter"), "counter/", "scan", on_phone=True),
    Section(_("Customers"), "customers/", "users", on_phone=True),
    Section(_("Coupons"), "coupons/", "ticket", least=Role.MANAGER, on_phone=True),
    Section(_("Member cards"), "cards/", "card", least=Role.MANAGER),
    Section(_("Shops"), "shops/", "shop", least=Role.MANAGER),
    Section(pgettext_lazy("with shops", "Messages"), "messages/", MESSAGES, least=Role.MANAGER),
    Section(_("Reviews"), "reviews/", "star", least=Role.MANAGER),
    Section(_("Complaints"), "complaints/", "chat", least=Role.MANAGER),
    Section(_("Team"), "settings/team/", "key", least=Role.OWNER),
)


@dataclass(frozen=True)
class Tab:
    """A section as this request sees it."""

    label: Any
    href: str
    icon: str
    current: bool = False
    exact: bool = False
    badge: int = 0


@dataclass(frozen=True)
class Navigation:
    tabs: list[Tab]
    works: bool = False  # for at least one merchant: the way to the console is shown
    unread: int = 0
    rail: list[Tab] | None = None  # of the merchant whose console this is


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"nav": SimpleLazyObject(partial(_navigation, request))}


def _navigation(request: HttpRequest) -> Navigation:
    user = getattr(request, "user", None)
    merchant, role = getattr(request, "merchant", None), getattr(request, "role", None)
    works, unread, written = (
        (*request.standing, 0) if hasattr(request, "standing") else _standing(user, merchant)
    )
    tabs = tabs_for(request.path, CONSUMER)
    tabs[-1] = replace(tabs[-1], badge=unread)
    if merchant is None or role is None:
        return Navigation(tabs, works, unread)
    mine = [section for section in CONSOLE if role.covers(section.least)]
    rail = tabs_for(request.path, mine, prefix=f"/m/{merchant.slug}/")
    rail = [replace(tab, badge=written) if tab.icon == MESSAGES else tab for tab in rail]
    on_phone = [tab for tab, section in zip(rail, mine, strict=True) if section.on_phone]
    return Navigation(on_phone, works, unread, rail)


def tabs_for(path: str, sections: Any, prefix: str = "") -> list[Tab]:
    """The sections as tabs; the one with the longest fitting beginning is the current one."""
    fits = [
        max((len(prefix + b) for b in s.begins or (s.path,) if path.startswith(prefix + b)), default=0)
        for s in sections
    ]
    if prefix and path != prefix:  # the front page of a console is only itself
        fits = [fit if fit > len(prefix) else 0 for fit in fits]
    best = max(fits, default=0)
    return [
        Tab(
            s.label, prefix + s.path, s.icon, current=bool(fit) and fit == best, exact=path == prefix + s.path
        )
        for s, fit in zip(sections, fits, strict=True)
    ]


def _standing(user: User | AnonymousUser | None, merchant: Merchant | None) -> tuple[bool, int, int]:
    """Whether the person works for somebody, and what is unread: in the inbox, and in the console's
    conversations. One query."""
    if user is None or not user.is_authenticated:
        return False, 0, 0
    unread = Message.objects.unread().filter(person=OuterRef("pk"))
    written = Conversation.objects.unread_by_shop().filter(merchant=merchant)
    row = User.objects.filter(pk=user.pk).values_list(
        Exists(StaffMember.objects.current().filter(user=OuterRef("pk"))),
        _number(unread, "person"),
        _number(written, "merchant") if merchant else Value(0),
    )
    works, number, letters = row.get()
    return works, number or 0, letters or 0


def _number(rows: QuerySet[Any], of: str) -> Subquery:
    return Subquery(rows.order_by().values(of).annotate(number=Count("pk")).values("number"))


@dataclass(frozen=True)
class Look:
    """How the person likes to read; `language` as HTML writes it, empty `theme` follows the device."""

    language: str
    html_language: str
    theme: str
    scale: str
    demo: bool


def look(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    theme, scale = request.COOKIES.get("theme", ""), request.COOKIES.get("scale", "")
    return {
        "look": Look(
            language=language,
            html_language="zh-Hans" if language.startswith("zh") else language,
            theme=theme if theme in ("light", "dark") else "",
            scale="lg" if scale == "lg" else "",
            demo=settings.PORTAL_DEMO,
        )
    }
