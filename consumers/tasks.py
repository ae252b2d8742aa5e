"""What consumers does with nobody at the keyboard."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from consumers import actions, telling
from consumers.events import (
    ConversationDecided,
    LetterWritten,
    ReviewAnswered,
    ReviewDecided,
    ReviewWritten,
)
from consumers.models import Conversation, Decision, Letter, Promptness, Review
from consumers.promptness import reckon
from coupons.events import ProgrammePublished
from merchants.events import ListingGiven, ShopPublished, StaffJoined
from orders.events import PurchaseConfirmed, PurchaseUndone
from portal.kernel.events import subscribe


@subscribe(PurchaseUndone)
def take_the_badge_away(event: PurchaseUndone) -> None:
    """Money back, badge back: what was not paid for is an ordinary review."""
    actions.demote(event.purchase_id, moment=datetime.fromisoformat(event.undone_at))


@subscribe(PurchaseConfirmed)
def ask_some_hours_later(event: PurchaseConfirmed) -> None:
    if event.user_id:
        actions.ask_later(
            event.purchase_id,
            person_id=event.user_id,
            shop_id=event.shop_id,
            made_at=datetime.fromisoformat(event.made_at),
        )


@subscribe(ReviewWritten)
def tell_the_shop(event: ReviewWritten) -> None:
    """Not of one that waits for staff: the shop hears of it when it is shown."""
    if event.is_shown:
        telling.shop_told(_review(event.review_id))


@subscribe(ReviewAnswered)
def tell_the_writer(event: ReviewAnswered) -> None:
    telling.writer_told_of_answer(_review(event.review_id))


@subscribe(ReviewDecided)
def tell_both_sides(event: ReviewDecided) -> None:
    decision = Decision.objects.get(pk=event.decision_id)
    review = _review(event.review_id)
    telling.both_told(review, decision)
    if decision.before == "held" and decision.after == "shown":
        telling.shop_told(review)


@subscribe(StaffJoined)
def no_praise_by_colleagues(event: StaffJoined) -> None:
    actions.take_down_own(event.merchant_id)


@subscribe(ListingGiven)
def no_praise_by_the_owner(event: ListingGiven) -> None:
    actions.take_down_own(event.merchant_id)


@shared_task
def ask_for_reviews() -> int:
    return actions.ask_due(timezone.now())


def _review(key: int) -> Review:
    return Review.objects.select_related("person", "shop__merchant").get(pk=key)


@shared_task
def work_out_areas() -> int:
    """Once a week per person who agreed; the schedule comes daily, so that a missed day is made up."""
    moment = timezone.now()
    actions.forget_old_searches(timezone.localdate(moment))
    return actions.work_out_due(moment)


@subscribe(ProgrammePublished)
def tell_followers(event: ProgrammePublished) -> None:
    """Who follows one of the merchant's shops hears of its new coupon, where they agreed to."""
    telling.followers_told(event.programme_id)


@subscribe(ShopPublished)
def tell_who_follows_its_kind(event: ShopPublished) -> None:
    """A new shop is news for those who follow its kind and are usually near it."""
    telling.neighbours_told(event.shop_id, timezone.now())


@subscribe(LetterWritten)
def tell_the_other_side(event: LetterWritten) -> None:
    """Once until they look: more letters before that make no more notices."""
    if event.is_first:
        whole = Letter.objects.select_related(
            *(f"conversation__{one}" for one in ("shop", "merchant", "person"))
        )
        telling.other_side_told(whole.get(pk=event.letter_id))


@subscribe(ConversationDecided)
def tell_of_the_decision(event: ConversationDecided) -> None:
    conversation = Conversation.objects.select_related("shop", "merchant", "person").get(
        pk=event.conversation_id
    )
    telling.conversation_decided(conversation, event.report_ids, is_closed=event.is_closed)


@shared_task
def forget_positions() -> int:
    return actions.forget_positions(timezone.now())


@shared_task
def reckon_promptness() -> int:
    """Every night, for shops that somebody waits for or that have a word about it: silence makes it fade."""
    moment = timezone.now()
    waited_for = Conversation.objects.unanswered().values("shop")
    shops = sorted(row["shop"] for row in Promptness.objects.values("shop").union(waited_for))
    for shop in shops:
        reckon(shop, moment)
    return len(shops)
