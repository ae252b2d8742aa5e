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
              AND said.channel = choice.channel AND said.merchant_id IS NULL
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


@invariant("N04", _("A merchant is muted exactly when the person's last word in the ledger says so"))
def mutes_are_the_last_word() -> str:
    return """
        SELECT coalesce(mute.id, said.id) FROM messaging_mute mute
        FULL JOIN (
            SELECT DISTINCT ON (person_id, merchant_id) * FROM messaging_consententry
            WHERE merchant_id IS NOT NULL ORDER BY person_id, merchant_id, id DESC
        ) said ON said.person_id = mute.person_id AND said.merchant_id = mute.merchant_id
        WHERE (mute.id IS NULL) IS DISTINCT FROM coalesce(said.wanted, true)
    """


@invariant("N05", _("Every advertisement that left was counted against the caps"))
def advertising_is_counted() -> str:
    return """
        SELECT dispatch.id FROM messaging_dispatch dispatch
        JOIN messaging_message message ON message.id = dispatch.message_id
        LEFT JOIN messaging_contact contact ON contact.dispatch_id = dispatch.id
        WHERE dispatch.at_most_once AND dispatch.state IN ('sending', 'sent', 'unsure')
          AND message.person_id IS NOT NULL AND contact.id IS NULL
          AND dispatch.created_at > coalesce((SELECT applied FROM django_migrations
              WHERE app = 'messaging' AND name = '0004_caps_and_mailings'), '-infinity')
    """


@invariant("N07", _("Nobody who is held out of a mailing, or of its campaign, got it"))
def held_out_are_not_told() -> str:
    return """
        SELECT message.id FROM messaging_message message
        JOIN messaging_mailing mailing ON mailing.id = message.mailing_id
        JOIN messaging_mailing beside ON beside.id = mailing.id
          OR mailing.hold_seed <> '' AND beside.hold_seed = mailing.hold_seed
             AND beside.merchant_id = mailing.merchant_id AND beside.id < mailing.id
        JOIN messaging_heldout held ON held.mailing_id = beside.id AND held.person_id = message.person_id
    """


@invariant("N06", _("A mailing has as many messages as people were chosen for it"))
def mailings_are_whole() -> str:
    return """
        SELECT mailing.id FROM messaging_mailing mailing
        LEFT JOIN messaging_message message ON message.mailing_id = mailing.id
        GROUP BY mailing.id HAVING count(message.id) <> mailing.chosen
    """
