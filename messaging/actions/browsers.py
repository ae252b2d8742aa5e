"""The browsers a person may be notified in."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from messaging.endpoints import are_keys, endpoint_hash, is_allowed
from messaging.models import PushSubscription
from portal.kernel.models import User
from portal.kernel.refused import Refused

MOST_BROWSERS = 10


@transaction.atomic
def subscribe_browser(
    person: User, session_key: str, *, endpoint: str, p256dh: str, auth: str
) -> PushSubscription:
    """This browser, in this session, may be notified. Whoever used it before no longer is. Twice is once."""
    if not is_allowed(endpoint) or not are_keys(p256dh, auth):
        raise Refused(
            _("This browser's notification service is not supported. Messages still come to your inbox.")
        )
    there = PushSubscription.objects.filter(endpoint_hash=endpoint_hash(endpoint))
    same = there.filter(person=person, session_id=session_key).first()
    if same and (same.p256dh, same.auth) == (p256dh, auth):
        return same
    there.delete()
    subscription = PushSubscription.objects.create(
        person=person,
        session_id=session_key,
        endpoint=endpoint,
        endpoint_hash=endpoint_hash(endpoint),
        p256dh=p256dh,
        auth=auth,
    )
    kept = PushSubscription.objects.filter(person=person).order_by("-pk").values("pk")[:MOST_BROWSERS]
    PushSubscription.objects.filter(person=person).exclude(pk__in=kept).delete()
    return subscription


def forget_browser(person: User, endpoint: str) -> None:
    PushSubscription.objects.filter(person=person, endpoint_hash=endpoint_hash(endpoint)).delete()
