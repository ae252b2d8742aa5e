"""What a wallet's pass shows of a card, whichever wallet it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from loyalty.contrast import INKS, ink_on
from loyalty.designing import FACE_GROUNDS, first_version
from loyalty.models import Card, CardMedium, MediumState
from loyalty.models.designs import OWN
from portal.kernel.codes import code_url


@dataclass(frozen=True)
class PassFace:
    """``ground`` and ``ink`` are ``#rrggbb``; ``code`` is what the square says."""

    serial: str
    shop: str
    name: str
    number: str
    points: int
    points_word: str
    holder: str
    code: str
    ground: str
    ink: str
    is_void: bool


def face_of(card: Card, medium: CardMedium) -> PassFace:
    """``card`` comes with what it shows (``Card.objects.in_full()``)."""
    look = first_version(card.programme.merchant)
    ground = look.base if look.face == OWN else FACE_GROUNDS[look.face]
    return PassFace(
        serial=medium.token,
        shop=card.programme.merchant.name,
        name=card.programme.name,
        number=card.number_in_groups,
        points=getattr(card, "points", 0) or 0,
        points_word=_("Points"),
        holder=card.customer.says(),
        code=code_url(medium.token),
        ground=ground,
        ink=INKS[ink_on(ground)],
        is_void=medium.state == MediumState.REVOKED,
    )
