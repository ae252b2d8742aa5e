"""What must hold of messages and consents at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant("N01", _("Every choice about messages is the last entry of the consent ledger"))
def choices_are_the_last_word() -> str:
    return """
        SELECT choice.id FROM messaging_choice choice
        LEFT JOIN LATERAL (
            SELECT wanted FROM messaging_consententry said
            WHERE said.person_id = choice.person_id AND said.purpose = choice.purpose
              AND said.channel = choice.channel
            ORDER BY said.id DESC LIMIT 1
        ) said ON true
        WHERE said.wanted IS DISTINCT FROM choice.wanted
    """


@invariant("N02", _("No message is held by a worker that has gone"))
def nothing_is_stuck() -> str:
    return """
        SELECT id FROM messaging_dispatch
        WHERE state IN ('claimed', 'sending') AND lease_until < now() - interval '10 minutes'
    """


@invariant("N03", _("Codes and addresses sealed into a message are erased once it is sent"))
def secrets_are_erased() -> str:
    return """
        SELECT message.id FROM messaging_message message
        JOIN messaging_dispatch dispatch ON dispatch.message_id = message.id
        WHERE message.sealed IS NOT NULL AND dispatch.state IN ('sent', 'skipped')
    """
