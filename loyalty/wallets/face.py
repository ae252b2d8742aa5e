"""What a wallet's pass shows of a card, whichever wallet it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from loyalty.look.contrast import INKS, ink_on
from loyalty.look.designing import FACE_GROUNDS, first_version
from loyalty.models import MONEY, Account, Card, CardMedium, CardState, Lot, MediumState, Standing, ValueKind
from loyalty.models.designs import OWN
from loyalty.words import in_words
from portal.kernel.codes import code_url
from portal.kernel.dates import day
from portal.kernel.money import format_money


@dataclass(frozen=True)
class Fact:
    """One thing that it says beside the points."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class PassFace:
    """``ground`` and ``ink`` are ``#rrggbb``; ``code`` is what the square says; ``small_print`` stands on the
    back; by ``secret`` a phone that asks for the newest proves that it has the pass."""

    serial: str
    secret: str
    merchant: str
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
    facts: tuple[Fact, ...]
    small_print: tuple[Fact, ...]


def fresh_face(medium: CardMedium) -> PassFace:
    """As its holder would see it now, in the holder's language; nobody is at a keyboard."""
    card = Card.objects.in_full().select_related("customer__user").get(media=medium)
    with override(card.customer.user.language if card.customer.user else None):
        return face_of(card, medium)


def face_of(card: Card, medium: CardMedium) -> PassFace:
    """``card`` comes with what it shows (``Card.objects.in_full()``)."""
    look = first_version(card.programme.merchant)
    ground = look.base if look.face == OWN else FACE_GROUNDS[look.face]
    accounts = {one.kind: one for one in Account.objects.filter(card=card).good_at(timezone.now())}
    return PassFace(
        serial=medium.token,
        secret=medium.wallet.secret,
        merchant=card.programme.merchant.slug,
        shop=card.programme.merchant.name,
        name=card.programme.name,
        number=card.number_in_groups,
        points=getattr(card, "points", 0) or 0,
        points_word=_("Points"),
        holder=card.customer.says(),
        code=code_url(medium.token),
        ground=ground,
        ink=INKS[ink_on(ground)],
        is_void=medium.state == MediumState.REVOKED or card.state == CardState.CLOSED,
        facts=tuple(_facts(card, accounts)),
        small_print=tuple(_small_print(card, accounts)),
    )


def _facts(card: Card, accounts: dict[str, Account]) -> Iterator[Fact]:
    standing = Standing.objects.filter(card=card).select_related("level").first()
    if standing and standing.level:
        yield Fact("level", _("Level"), standing.level.title)
    money = [one.good for kind, one in accounts.items() if kind in MONEY]
    if money:
        yield Fact("balance", _("Balance"), format_money(sum(money), exact=True))
    if (visits := accounts.get(ValueKind.VISITS)) and visits.good:
        yield Fact("visits", _("Visits left"), str(visits.good))


def _small_print(card: Card, accounts: dict[str, Account]) -> Iterator[Fact]:
    yield Fact("number", _("Card number"), card.number_in_groups)
    for kind in (ValueKind.POINTS, ValueKind.VISITS, ValueKind.BONUS):
        soon = Lot.objects.next_to_lapse(accounts[kind], timezone.now()) if kind in accounts else None
        if soon and soon.last_moment:
            until = _("%(amount)s until the end of %(day)s")
            said = until % {"amount": in_words(kind, soon.remaining), "day": day(soon.last_moment)}
            yield Fact(f"expires-{kind}", _("Expires next"), said)
