"""Sample values for the parameters in URLs, so that a test can walk every route of the portal.

Each app keeps its own in ``tests/<app>/routes.py`` (found by itself); a route whose parameters
nobody has a value for fails the walk, so that no route escapes it. Values belong to the *cast*: the
merchant of ``world.owner``, the consumer ``world.consumer``; strangers must be refused them.

    @value("merchant")                    # for this parameter name everywhere
    def _(world): return world.merchant.slug

    @value("token", "complaints:thread")  # for this parameter of this route only
    def _(world): return make_complaint(by=world.consumer, shop=world.shop).token

    posts["orders:ring"] = lambda world: {"bill": "38", …}  # what a willing person would send
    sent_by["merchants:invitation"] = "consumer"  # unless it is the owner for a merchant, the consumer else
    anew["crm:phone"] = "each look is written down"  # sent again it acts again, and why that is right
    queries["consumers:nearby_geojson"] = "?near=31.23,121.47"  # what a page can't be asked without
    asks_to_sign_in.add("loyalty:join")  # a page for anyone whose form needs an account
    open_to["complaints:thread"] = {"consumer"}  # who sees it, where the view asks more than the policy
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from django.test import Client

from merchants.models import Merchant, Role, Shop, StaffMember
from portal.kernel.access import Route
from portal.kernel.models import User
from tests import cast

Maker = Callable[["World"], Any]
_values: dict[tuple[str, str], Maker] = {}
posts: dict[str, Callable[["World"], dict[str, Any]]] = {}
open_to: dict[str, set[str]] = {}
queries: dict[str, str] = {}
sent_by: dict[str, str] = {}
anew: dict[str, str] = {}
asks_to_sign_in: set[str] = set()
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


def value(parameter: str, route: str = "") -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        _values[(route, parameter)] = maker
        return maker

    return register


class Raw(dict[str, Any]):
    """A body that is no form, as another machine sends it, with the headers that sign it."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        super().__init__()
        self.content, self.headers = content, headers


@dataclass
class World:
    """One merchant with its team and shop, one consumer, and strangers of every kind."""

    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def owner(self) -> User:
        return cast.make_user(name="李敏")

    @cached_property
    def merchant(self) -> Merchant:
        return cast.make_merchant(self.owner, name="青禾理发", name_en="Qinghe Hair")

    @cached_property
    def shop(self) -> Shop:
        return cast.make_shop(self.merchant)

    @cached_property
    def manager(self) -> User:
        return cast.make_staff(self.merchant, Role.MANAGER).user

    @cached_property
    def cashier(self) -> User:
        return cast.make_staff(self.merchant, Role.CASHIER).user

    @cached_property
    def removed(self) -> User:
        work: StaffMember = cast.make_staff(self.merchant, Role.MANAGER)
        StaffMember.objects.filter(pk=work.pk).delete()
        return work.user

    @cached_property
    def consumer(self) -> User:
        return cast.make_user(name="张女士")

    @cached_property
    def stranger(self) -> User:
        person = cast.make_user(name="王老板")
        cast.make_shop(cast.make_merchant(person, name="别家理发"), name="别家理发店")
        return person

    @cached_property
    def browsers(self) -> dict[str, Client]:
        return {name: cast.client_of(person) for name, person in self.people().items()}

    def people(self) -> dict[str, User | None]:
        named = ("owner", "manager", "cashier", "removed", "consumer", "stranger")
        return {"anonymous": None} | {name: getattr(self, name) for name in named}

    def values_of(self, route: Route) -> dict[str, Any]:
        """Values for the route's parameters. KeyError names the one that nobody provides."""
        names = [a or b for a, b in _PARAMETER.findall(route.path)]
        return {name: self._value(route.name, name) for name in names}

    def _value(self, route: str, name: str) -> Any:
        key = (route, name) if (route, name) in _values else ("", name)
        if key not in _values:
            raise KeyError(f"{route} needs a sample value for <{name}>: add one to tests/<app>/routes.py")
        if key not in self.made:
            self.made[key] = _values[key](self)
        return self.made[key]


def load() -> None:
    for file in sorted(Path(__file__).parent.glob("*/routes.py")):
        import_module(f"tests.{file.parent.name}.routes")


@value("merchant")
def _(world: World) -> str:
    return world.merchant.slug


@value("shop")
def _(world: World) -> str:
    return world.shop.slug
