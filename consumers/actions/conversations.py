"""A person and a shop write to each other; either may stop it, and ask our staff to look."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consumers import refusals
from consumers.events import LetterWritten
from consumers.models import Conversation, ConversationReport, Letter, MessageBox
from consumers.promptness import reckon
from merchants.models import Merchant, Role, Shop, StaffMember
from portal.kernel import audit
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

A_DAY = 24 * 3600
OF_PERSON = Limit("letters of a person", 40, A_DAY)
OF_PAIR = Limit("letters of one conversation", 20, A_DAY)  # by the person; the shop may answer at length
BEGUN = Limit("conversations begun by a person", 10, A_DAY)
TO_SHOP = Limit("letters to a shop", 300, 3600)
OF_TEAM = Limit("letters of a merchant", 600, 3600)
IN_A_ROW = 5  # letters without an answer; then it is the shop's turn


def takes_messages(shop: Shop) -> bool:
    """Whether somebody may begin to write: it is listed, somebody runs it, and hasn't shut its box."""
    if not shop.is_listed or shop.merchant_id is None or shop.category.is_discovery_only:
        return False
    return not MessageBox.objects.filter(shop=shop, is_open=False).exists()


@retry_on_deadlock
@transaction.atomic
def write_to_shop(
    person: User, shop: Shop, said: str, *, key: UUID, moment: datetime | None = None
) -> Letter:
    """Begin a conversation with a shop, or go on with it. The same key writes once."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two tabs write one after the other
    moment = moment or timezone.now()
    if earlier := _earlier(person, key):
        return _same_or_refuse(earlier, said, shop.pk)
    shop = Shop.objects.select_related("category").get(pk=shop.pk)
    if not takes_messages(shop):
        raise refusals.BoxShut
    _may_write_to(shop, person)
    conversation = _conversation(shop, person, moment)
    if conversation.is_shut:
        raise refusals.ConversationShut
    _within_limits(conversation, person)
    letter = _letter(conversation, person, said, key, moment, from_shop=False)
    was_unread = conversation.shop_unread
    conversation.waiting_since = conversation.waiting_since or moment
    conversation.shop_unread, conversation.last_at = True, moment
    conversation.save(update_fields=["waiting_since", "shop_unread", "last_at"])
    publish(LetterWritten(letter_id=letter.pk, conversation_id=conversation.pk, is_first=not was_unread))
    return letter


def go_on(conversation: Conversation, said: str, *, key: UUID) -> Letter:
    """The person's next letter; not to somebody who got the shop since."""
    if conversation.shop.merchant_id != conversation.merchant_id:
        raise refusals.ConversationShut
    return write_to_shop(conversation.person, conversation.shop, said, key=key)


@retry_on_deadlock
@transaction.atomic
def answer_person(
    conversation: Conversation,
    said: str,
    *,
    merchant: Merchant,
    by: User,
    key: UUID,
    moment: datetime | None = None,
) -> Letter:
    """What the shop writes back; the wait that it ends counts for how soon the shop usually answers."""
    conversation = Conversation.objects.locked().select_related("shop").get(pk=conversation.pk)
    moment = moment or timezone.now()
    if conversation.merchant_id != merchant.pk or not speaks_for(merchant, by):
        raise refusals.NotYourConversation
    if earlier := _earlier(by, key):
        return _same_or_refuse(earlier, said, conversation.shop_id)
    if conversation.is_shut or conversation.shop.merchant_id != merchant.pk:
        raise refusals.ConversationShut
    if not take(OF_TEAM, merchant.pk):
        raise refusals.TooManyLetters
    since = conversation.waiting_since
    waited = int(max((moment - since).total_seconds(), 0)) if since else None
    letter = _letter(conversation, by, said, key, moment, from_shop=True, waited_s=waited)
    was_unread = conversation.person_unread
    conversation.waiting_since, conversation.person_unread, conversation.last_at = None, True, moment
    conversation.save(update_fields=["waiting_since", "person_unread", "last_at"])
    if since:
        reckon(conversation.shop_id, moment)
    publish(LetterWritten(letter_id=letter.pk, conversation_id=conversation.pk, is_first=not was_unread))
    return letter


def speaks_for(merchant: Merchant, by: User) -> bool:
    work = StaffMember.objects.current().filter(merchant=merchant, user=by).first()
    return work is not None and Role(work.role).covers(Role.MANAGER)


def _earlier(by: User, key: UUID) -> Letter | None:
    return Letter.objects.select_related("conversation").filter(by=by, key=key).first()


def _same_or_refuse(earlier: Letter, said: str, shop: int) -> Letter:
    if (earlier.said, earlier.conversation.shop_id) != (said, shop):
        raise KeyReused
    return earlier


def _may_write_to(shop: Shop, person: User) -> None:
    if StaffMember.objects.current().filter(merchant=shop.merchant_id, user=person).exists():
        raise refusals.OwnBox
    theirs = Conversation.objects.held_by(person).filter(merchant=shop.merchant_id)
    if theirs.filter(blocked_by_shop=True).exists():  # whoever is blocked at one shop is at all of them
        raise refusals.ConversationShut


def _conversation(shop: Shop, person: User, moment: datetime) -> Conversation:
    mine = Conversation.objects.held_by(person).filter(merchant=shop.merchant_id, shop=shop)
    if there := mine.locked().first():
        return there
    if shop.merchant is None:
        raise refusals.ConversationShut
    if not take(BEGUN, person.pk):
        raise refusals.TooManyLetters
    return Conversation.objects.create(
        token=new_code(16),
        merchant=shop.merchant,
        shop=shop,
        person=person,
        last_at=moment,
        began_at=moment,
    )


def _within_limits(conversation: Conversation, person: User) -> None:
    """Counted in the letter's own transaction: one that is refused gives its try back."""
    lately = conversation.letters.order_by("-pk").values_list("from_shop", flat=True)[:IN_A_ROW]
    if len(lately) == IN_A_ROW and not any(lately):
        raise refusals.TheirTurn(most=IN_A_ROW)
    limits = (
        (OF_PERSON, person.pk),
        (OF_PAIR, conversation.pk),
        (TO_SHOP, conversation.shop_id),
    )
    for limit, who in limits:
        if not take(limit, who):
            raise refusals.TooManyLetters


def _letter(
    conversation: Conversation,
    by: User,
    said: str,
    key: UUID,
    moment: datetime,
    *,
    from_shop: bool,
    waited_s: int | None = None,
) -> Letter:
    return Letter.objects.create(
        merchant_id=conversation.merchant_id,
        conversation=conversation,
        by=by,
        from_shop=from_shop,
        said=said,
        waited_s=waited_s,
        key=key,
        written_at=moment,
    )


@transaction.atomic
def seen(conversation: Conversation, *, by_shop: bool) -> None:
    """Opened, so nothing in it is new to that side any more. Twice is once."""
    rows = Conversation.objects.filter(pk=conversation.pk)
    if by_shop:
        rows.filter(shop_unread=True).update(shop_unread=False)
    else:
        rows.filter(person_unread=True).update(person_unread=False)


@transaction.atomic
def block(conversation: Conversation, *, by_shop: bool, on: bool, by: User) -> Conversation:
    """Hear no more from the other side, or let it write again. What was written stays. Twice is once."""
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    side = "blocked_by_shop" if by_shop else "blocked_by_person"
    if getattr(conversation, side) != on:
        setattr(conversation, side, on)
        with audit.context(user=by.pk):
            conversation.save(update_fields=[side])
    return conversation


@transaction.atomic
def report_conversation(
    conversation: Conversation,
    *,
    by: User,
    from_shop: bool,
    harm: str,
    said: str = "",
    moment: datetime | None = None,
) -> ConversationReport:
    """Let our staff read it and decide. While one report of a side is open, another changes nothing."""
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    open_ones = conversation.reports.filter(from_shop=from_shop, decided_at=None)
    return open_ones.first() or conversation.reports.create(
        by=by, from_shop=from_shop, harm=harm, said=said, at=moment or timezone.now()
    )


@transaction.atomic
def set_box(shop: Shop, *, is_open: bool, by: User) -> MessageBox:
    """Whether customers can write to the shop; conversations stay readable. Twice is once."""
    with audit.context(user=by.pk):
        Shop.objects.locked().get(pk=shop.pk)
        box, new = MessageBox.objects.get_or_create(shop=shop, defaults={"is_open": is_open})
        if not new and box.is_open != is_open:
            box.is_open = is_open
            box.save(update_fields=["is_open"])
    return box
