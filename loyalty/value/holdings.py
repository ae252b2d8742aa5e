"""What a card holds beside points: stamps towards a free one, judged by date in the question."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.models import Card, StampCard, StampScheme
from loyalty.value.expiry import expiry_of


@dataclass(frozen=True)
class Stamps:
    """One scheme as a card stands in it; ``held`` is nothing once the stamps have lapsed."""

    scheme: StampScheme
    held: int
    lapse_at: datetime | None

    @property
    def missing(self) -> int:
        return self.scheme.needed - self.held


def stamps_of(card: Card, moment: datetime) -> list[Stamps]:
    """Every running scheme of the card's programme. Two questions."""
    kept = {one.scheme_id: one for one in StampCard.objects.with_zone().filter(card=card)}
    return [
        _of(scheme, kept.get(scheme.pk), moment)
        for scheme in StampScheme.objects.of(card.programme).running()
    ]


def _of(scheme: StampScheme, kept: StampCard | None, moment: datetime) -> Stamps:
    ends = expiry_of(kept.last_at, scheme.months, kept.zone) if kept and kept.last_at else None
    if kept is None or (ends and ends <= moment):
        return Stamps(scheme, 0, None)
    return Stamps(scheme, kept.held, ends)
