"""What members are told about their levels, the nightly sweep, and the teller of moves."""

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from loyalty.actions.levels import sweep_levels, tell_moves
from loyalty.events import LevelMoved, LevelWillFall
from loyalty.models import Card, Level, LevelMove, MoveKind, Standing
from loyalty.telling import tell_holder, told_of_money
from loyalty.words import why_in_words
from messaging.kinds import Kind
from portal.kernel.events import subscribe

ROSE = told_of_money(
    "level_rose",
    _("You are now %(level)s at %(merchant)s"),
    _("Open your card to see what the level gives you."),
)
GIVEN = told_of_money(
    "level_given",
    _("%(merchant)s made you %(level)s until %(day)s"),
    _("The reason: %(reason)s"),
)
FELL = told_of_money(
    "level_fell",
    _("Your level at %(merchant)s is now %(level)s"),
    _("Your points stay as they are. Open your card to see what is missing to the next level."),
)
WILL_FALL = told_of_money(
    "level_will_fall",
    _("Your level %(level)s at %(merchant)s ends on %(day)s"),
    _("Open your card to see how little is missing to keep it."),
)

KINDS = {
    MoveKind.PROMOTED: ROSE,
    MoveKind.GRANTED: GIVEN,
    MoveKind.DEMOTED: FELL,
    MoveKind.ENDED: FELL,
    MoveKind.UNDONE: FELL,
    MoveKind.TAKEN_BACK: FELL,
}


@subscribe(LevelMoved)
def say_what_level(event: LevelMoved) -> None:
    move = LevelMove.objects.select_related("now").get(pk=event.move_id)
    _tell_holder(
        event.card_id, KINDS[MoveKind(move.kind)], f"move:{move.pk}", move.now, move.until, move.reason
    )


@subscribe(LevelWillFall)
def say_what_level_ends(event: LevelWillFall) -> None:
    """Nothing to say when it was earned again in the meantime."""
    on = date.fromisoformat(event.falls_on)
    standing = Standing.objects.select_related("level").filter(card=event.card_id, falls_on=on).first()
    if standing:
        _tell_holder(event.card_id, WILL_FALL, f"card:{event.card_id}:{event.falls_on}", standing.level, on)


def _tell_holder(
    card_id: int, kind: Kind, occurrence: str, level: Level, on: date | None = None, reason: str = ""
) -> None:
    """In the holder's own language: levels are named in two."""
    language = Card.objects.values_list("customer__user__language", flat=True).get(pk=card_id)
    with override(language):
        said = {"level": level.title, "reason": why_in_words(reason), "day": on or ""}
        tell_holder(card_id, kind, occurrence=occurrence, **said)


@shared_task
def sweep() -> int:
    return sweep_levels(timezone.now())


@shared_task
def tell_level_moves() -> int:
    return tell_moves(timezone.now())
