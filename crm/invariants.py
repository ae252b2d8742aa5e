"""What must hold of what shops send."""

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
