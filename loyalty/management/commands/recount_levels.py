"""Reckon every card's level anew from what was bought, and say where the books disagree."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from loyalty.level_invariants import levels_agree
from loyalty.levels import who_would_move
from loyalty.models import Card, Level, LevelRule
from portal.kernel.invariants import Invariant


class Command(BaseCommand):
    help = "Recompute all levels from the rows; exit code 1 and the cards when one stands where it shouldn't."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        moment, wrong = timezone.now(), set()
        for rule in LevelRule.objects.select_related("programme").order_by("pk"):
            movers = who_would_move(rule, list(Level.objects.of(rule.programme)), moment=moment, limit=None)
            wrong |= {mover.card_id for mover in movers.some if mover.due > mover.held}
        wrong |= {int(card) for card in Invariant("I22", "", True, levels_agree).broken(limit=1000)[1]}
        seen = Card.objects.filter(programme__level_rule__isnull=False).count()
        for card in Card.objects.filter(pk__in=wrong).order_by("pk"):
            self.stdout.write(f"WRONG {card.number}")
        if wrong:
            raise SystemExit(1)
        self.stdout.write(
            ngettext("%d card stands where it should", "%d cards stand where they should", seen) % seen
        )
