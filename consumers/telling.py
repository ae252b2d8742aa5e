"""Who hears of what about reviews and conversations: writers, owners and managers, who reported it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from consumers import kinds
from consumers.models import Conversation, ConversationReport, Decision, FollowedShop, Letter, Review, State
from consumers.neighbours import neighbours_of
from coupons.models import CouponProgramme, FlashDeal
from coupons.questions import people_meant
from merchants.models import Merchant, Role, Shop, StaffMember
from messaging.actions import mail_out, tell, tell_many

NEWS_FOR = timedelta(days=7)  # a shop that opened a week ago is no news
BEGINNING = 80  # characters of a letter in the notice of it


def shop_told(review: Review) -> None:
    """Of a new review, with its stars and never with a name."""
    if review.shop.merchant is None:
        return
    tell_many(
        _readers(review.shop.merchant),
        kinds.WRITTEN,
        occurrence=f"review:{review.pk}",
        url=reverse("consumers:reply", args=[review.shop.merchant.slug, review.token]),
        shop=review.shop.name,
        stars=review.stars,
    )


def _readers(merchant: Merchant) -> Iterable[int]:
    team = StaffMember.objects.current().filter(merchant=merchant, role__in=[Role.OWNER, Role.MANAGER])
    return team.values_list("user_id", flat=True)


def writer_told_of_answer(review: Review) -> None:
    tell(
        review.person,
        kinds.ANSWERED,
        occurrence=f"review:{review.pk}",
        url=reverse("consumers:my_review", args=[review.token]),
        shop=review.shop.name,
    )


def both_told(review: Review, decision: Decision) -> None:
    """The writer and everybody whose report it settles read the same reason."""
    down = decision.after == State.HIDDEN
    facts: dict[str, Any] = {
        "occurrence": f"decision:{decision.pk}",
        "shop": review.shop.name,
        "why": decision.said,
    }
    if down or decision.before != State.SHOWN:
        mine = kinds.TAKEN_DOWN if down else kinds.STANDS
        tell(review.person, mine, url=reverse("consumers:my_review", args=[review.token]), **facts)
    reporters = decision.settles.values_list("by_id", flat=True)
    theirs = kinds.REPORT_TAKEN_DOWN if down else kinds.REPORT_STANDS
    tell_many(reporters, theirs, url=reverse("consumers:reviews", args=[review.shop.slug]), **facts)


def followers_told(programme_id: int) -> None:
    """Once per person, however many of the merchant's shops they follow; useless when the offer ends.

    Who hears of a flash deal is chosen with it; of an offer for some, those hear who can claim it.
    """
    if FlashDeal.objects.filter(programme=programme_id).exists():
        return
    programme = CouponProgramme.objects.select_related("merchant", "terms").get(pk=programme_id)
    followers = FollowedShop.objects.filter(shop__merchant=programme.merchant_id, shop__is_listed=True)
    if (meant := people_meant(programme, timezone.now())) is not None:
        followers = followers.filter(person__in=meant)
    mail_out(
        followers.values("person"),
        kinds.NEW_COUPON,
        merchant_id=programme.merchant_id,
        occurrence=f"programme:{programme.pk}",
        url=reverse("coupons:offer", args=[programme.token]),
        useless_after=programme.ends_at,
        shop=programme.merchant.name,
        coupon=programme.title,
    )


def neighbours_told(shop_id: int, moment: datetime) -> int:
    """Who follows the shop's kind and has a usual area within the distance they would go. Once per person."""
    shop = Shop.objects.listed().select_related("category").filter(pk=shop_id).first()
    if shop is None or shop.published_at is None or moment - shop.published_at > NEWS_FOR:
        return 0
    return tell_many(
        neighbours_of(shop),
        kinds.NEW_SHOP,
        merchant_id=shop.merchant_id,
        occurrence=f"opened:{shop.pk}",
        url=shop.get_absolute_url(),
        useless_after=moment + NEWS_FOR,
        shop=shop.name,
    )


def other_side_told(letter: Letter) -> None:
    """How a letter begins; the rest, and who wrote it, is read in the conversation."""
    conversation = letter.conversation
    facts: dict[str, Any] = {
        "occurrence": f"letter:{letter.pk}",
        "shop": conversation.shop.name,
        "beginning": Truncator(" ".join(letter.said.split())).chars(BEGINNING),
    }
    if letter.from_shop:
        tell(conversation.person, kinds.LETTER_TO_PERSON, url=_page_of_person(conversation), **facts)
        return
    readers = _readers(conversation.merchant)
    tell_many(readers, kinds.LETTER_TO_SHOP, url=_page_of_shop(conversation), **facts)


def conversation_decided(conversation: Conversation, reports: list[int], *, is_closed: bool) -> None:
    """Who reported it reads the decision; when it is closed, both sides do."""
    settled = ConversationReport.objects.filter(pk__in=reports).order_by("pk")
    sides = {True, False} if is_closed else set(settled.values_list("from_shop", flat=True))
    facts: dict[str, Any] = {
        "occurrence": f"report:{reports[0]}",
        "shop": conversation.shop.name,
        "why": settled[0].reason,
    }
    kind = kinds.CONVERSATION_CLOSED if is_closed else kinds.CONVERSATION_STANDS
    if False in sides:
        tell(conversation.person, kind, url=_page_of_person(conversation), **facts)
    if True in sides:
        tell_many(_readers(conversation.merchant), kind, url=_page_of_shop(conversation), **facts)


def _page_of_person(conversation: Conversation) -> str:
    return reverse("consumers:conversation", args=[conversation.token])


def _page_of_shop(conversation: Conversation) -> str:
    return reverse("consumers:shop_conversation", args=[conversation.merchant.slug, conversation.token])
