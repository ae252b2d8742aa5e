"""What our staff decide about conversations that one side has asked them to read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consumers import refusals
from consumers.events import ConversationDecided
from consumers.models import Conversation
from portal.kernel import audit
from portal.kernel.events import publish
from portal.kernel.models import User


@transaction.atomic
def decide_conversation(
    conversation: Conversation, *, close: bool, said: str, by: User, moment: datetime | None = None
) -> int:
    """Close it for both, or leave it; settles every open report and tells those who made them."""
    moment = moment or timezone.now()
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    waiting = list(conversation.reports.filter(decided_at=None).order_by("pk").values_list("pk", flat=True))
    if not waiting:
        raise refusals.DecidedMeanwhile
    if not said.strip():
        raise refusals.SayWhyOfConversation
    conversation.reports.filter(pk__in=waiting).update(reason=said.strip(), decided_by=by, decided_at=moment)
    if close and conversation.closed_at is None:
        conversation.closed_at = moment
        with audit.context(user=by.pk, reason=said[:200]):
            conversation.save(update_fields=["closed_at"])
    publish(ConversationDecided(conversation_id=conversation.pk, report_ids=waiting, is_closed=close))
    return len(waiting)
