"""What members and owners are told about PINs and payments that wait for an answer; forgetting old codes."""

from datetime import timedelta

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty import actions
from loyalty.events import ApprovalAsked, CodeKeyMade, PinLocked, PinSet, PinsGuessedAtTill
from loyalty.models import Approval, Value
from loyalty.telling import tell_holder, told_of_money
from merchants.models import Merchant, Role, StaffMember
from messaging.actions import tell, tell_many
from portal.kernel.events import subscribe
from portal.kernel.models import User
from portal.kernel.money import format_money

PIN_SET = told_of_money(
    "pin_set",
    _("The PIN of your card of %(merchant)s was set"),
    _("Not you? Freeze the card at once: nothing can be spent from it then."),
)
PIN_RESET = told_of_money(
    "pin_reset",
    _("The PIN of your card of %(merchant)s was set anew"),
    _("It was done without the old PIN, so it works in 24 hours. Not you? Freeze the card at once."),
)
PIN_LOCKED = told_of_money(
    "pin_locked",
    _("Wrong PINs were tried on your card of %(merchant)s"),
    _("The PIN is locked for a while. Not you? Freeze the card, and set a new PIN."),
)
PIN_SHUT = told_of_money(
    "pin_shut",
    _("The PIN of your card of %(merchant)s is locked"),
    _("It was tried wrongly ten times in a day. Set a new one with a code to your phone."),
)
PINS_GUESSED = told_of_money(
    "pins_guessed",
    _("Ten wrong PINs were typed at a till"),
    _("%(name)s stood at the counter of %(merchant)s. The till takes no PINs for a quarter of an hour."),
)
PHONE_ADDED = told_of_money(
    "phone_added",
    _("One more phone shows the code of your card of %(merchant)s"),
    _("It is this one: %(device)s. Not yours? Take it off on the card's page, or freeze the card."),
)
TO_APPROVE_POINTS = told_of_money(
    "to_approve_points",
    _("%(merchant)s asks for %(amount)s points"),
    _("Approve it with your PIN within 90 seconds, or decline. Nothing is taken before."),
)
TO_APPROVE = told_of_money(
    "to_approve",
    _("%(merchant)s asks for %(amount)s"),
    _("Approve it with your PIN within 90 seconds, or decline. Nothing is taken before."),
)


@subscribe(PinSet)
def say_that_a_pin_was_set(event: PinSet) -> None:
    kind = PIN_RESET if event.is_reset else PIN_SET
    tell_holder(event.card_id, kind, occurrence=f"pin:{event.card_id}:{event.at}")


@subscribe(CodeKeyMade)
def say_that_a_phone_was_added(event: CodeKeyMade) -> None:
    tell_holder(event.card_id, PHONE_ADDED, occurrence=f"phone:{event.key_id}", device=event.device or "?")


@subscribe(PinLocked)
def say_that_a_pin_is_locked(event: PinLocked) -> None:
    kind = PIN_SHUT if event.is_shut else PIN_LOCKED
    tell_holder(event.card_id, kind, occurrence=f"pin:{event.card_id}:{event.at}")


@subscribe(PinsGuessedAtTill)
def warn_the_owners(event: PinsGuessedAtTill) -> None:
    owners = StaffMember.objects.current().filter(merchant=event.merchant_id, role=Role.OWNER)
    merchant = Merchant.objects.get(pk=event.merchant_id)
    tell_many(
        owners.values_list("user_id", flat=True),
        PINS_GUESSED,
        occurrence=f"till:{event.by_id}:{event.at}",
        url=reverse("loyalty:cards", args=[merchant.slug]),
        merchant=merchant.name,
        name=User.objects.get(pk=event.by_id).says(),
    )


@subscribe(ApprovalAsked)
def ask_the_holder(event: ApprovalAsked) -> None:
    """The page of the card asks sooner; this is for a phone in the pocket, and useless a moment later."""
    approval = Approval.objects.in_full().get(pk=event.approval_id)
    holder = approval.card.customer.user
    if holder is None:
        return
    points = approval.value == Value.POINTS
    tell(
        holder,
        TO_APPROVE_POINTS if points else TO_APPROVE,
        occurrence=f"approval:{approval.pk}",
        url=reverse("kernel:resolve", args=[approval.token]),
        useless_after=approval.answer_by,
        merchant=approval.card.programme.merchant.name,
        amount=approval.amount if points else format_money(approval.amount),
    )


@shared_task
def tidy() -> int:
    """Codes that nobody can use any more, and tries at PINs of a quarter ago."""
    return actions.forget_codes(before=timezone.now() - timedelta(days=1)) + actions.forget_tries(
        before=timezone.now() - timedelta(days=90)
    )
