"""Values for what phones with a pass ask for."""

import json
from typing import Any

from loyalty.actions import issue_pass
from loyalty.models import CardMedium, MediumKind
from tests.loyalty.makers import make_card
from tests.routes_values import Raw, World, anew, open_to, posts, value


def held(world: World) -> Any:
    """A pass of somebody else's at the merchant: its secret alone says who asks."""
    made = CardMedium.objects.filter(merchant=world.shop.merchant, kind=MediumKind.APPLE).first()
    return made or issue_pass(make_card(world.merchant), MediumKind.APPLE, by=world.owner)


@value("serial")
def _(world: World) -> str:
    return held(world).token


@value("device")
def _(world: World) -> str:
    return "a1b2c3d4"


@value("kind", "loyalty:apple_registration")
@value("kind", "loyalty:apple_changed")
@value("kind", "loyalty:apple_newest")
def _(world: World) -> str:
    return "pass.example.corner"


def registered(world: World) -> Raw:
    headers = {"Authorization": f"ApplePass {held(world).wallet.secret}"}
    return Raw(json.dumps({"pushToken": "00ff"}).encode(), headers)


# Without the issuer's certificate there are no passes to ask for; tests/wallets/test_apple.py has one.
open_to["loyalty:apple_changed"] = open_to["loyalty:apple_newest"] = set()
posts["loyalty:apple_registration"] = registered
posts["loyalty:apple_log"] = lambda world: Raw(b'{"logs": ["slow network"]}', {})
anew["loyalty:apple_log"] = "what a phone says twice, it says twice: lines of our log, no rows"
