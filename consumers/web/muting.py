"""Which shops may advertise to me: those I follow, those that know me, those I have silenced."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consumers.models import FollowedShop
from merchants.models import Customer, Merchant
from messaging import actions
from messaging.consent import proof_of
from messaging.models import Mute, Source
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.models import User
from portal.kernel.web import page_of, render_page


def known_to(person: User) -> QuerySet[Merchant]:
    """Merchants that may have something to say to the person, or were told not to."""
    mine = FollowedShop.objects.filter(person=person).values("shop__merchant")
    knows_me = Customer.objects.filter(user=person, merged_away=None).values("merchant")
    silenced = Mute.objects.of(person.pk).values("merchant_id")
    return Merchant.objects.filter(Q(pk__in=mine) | Q(pk__in=knows_me) | Q(pk__in=silenced))


@allow(GET=signed_in)
@never_cache
def shops(request: SignedInRequest) -> HttpResponse:
    page = page_of(known_to(request.user), request)
    silenced = set(Mute.objects.of(request.user.pk).values_list("merchant_id", flat=True))
    rows = [(merchant, merchant.pk in silenced) for merchant in page]
    return render_page(request, "consumers/muting.html", {"rows": rows, "more": page.more})


@allow(POST=signed_in)
def mute(request: SignedInRequest, merchant: str) -> HttpResponse:
    """``wanted=no`` silences the shop, ``wanted=yes`` lets it speak again."""
    ours = get_object_or_404(known_to(request.user), slug=merchant)
    wanted = request.POST.get("wanted")
    if wanted not in ("yes", "no"):
        raise Http404
    change = actions.hear_again if wanted == "yes" else actions.mute
    change(request.user, ours.pk, source=Source.PAGE, proof=proof_of(request.session.session_key or ""))
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("consumers:muting")
