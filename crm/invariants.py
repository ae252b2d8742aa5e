"""What must hold of what shops send and whom they greet."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant("R01", _("A flash deal is open to people exactly when its campaign has gone out"))
def deals_open_with_their_campaign() -> str:
    return """
        SELECT campaign.id FROM crm_campaign campaign
        JOIN coupons_flashdeal deal ON deal.id = campaign.deal_id
        JOIN coupons_couponprogramme programme ON programme.id = deal.programme_id
        WHERE (campaign.released_at IS NULL) IS DISTINCT FROM (programme.published_at IS NULL)
    """


@invariant("R02", _("Everybody who counts as greeted has the greeting"))
def greetings_have_their_message() -> str:
    return """
        SELECT greeting.id FROM crm_greeting greeting
        WHERE NOT EXISTS (
            SELECT FROM messaging_message message
            WHERE message.person_id = greeting.person_id AND message.merchant_id = greeting.merchant_id
              AND message.kind IN ('crm.birthday', 'crm.birthday_coupon', 'crm.birthday_gift')
              AND message.occurrence =
                  'birthday:' || greeting.merchant_id || ':' || greeting.birthday_on)
    """


@invariant("R03", _("Every birthday greeting that was sent is written down as one"))
def messages_have_their_greeting() -> str:
    return """
        SELECT message.id FROM messaging_message message
        WHERE message.kind IN ('crm.birthday', 'crm.birthday_coupon', 'crm.birthday_gift')
          AND NOT EXISTS (
            SELECT FROM crm_greeting greeting
            WHERE message.person_id = greeting.person_id AND message.merchant_id = greeting.merchant_id
              AND message.occurrence =
                  'birthday:' || greeting.merchant_id || ':' || greeting.birthday_on)
    """
