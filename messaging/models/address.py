"""Where messages go that the account does not know: browsers, and the console's imaginary phones."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Now

from portal.kernel.crypto import EncryptedTextField


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def live(self, moment: datetime) -> Self:
        """Of browsers in which the person is still signed in."""
        return self.filter(session__expire_date__gt=moment)


class PushSubscription(models.Model):
    """One browser that may be notified, bound to the person and to the session that asked.

    Signing out, however it happens, removes the session and with it this row, so a browser that
    somebody else uses next is never sent the first person's messages.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    endpoint = EncryptedTextField()  # whoever knows it could annoy the person
    endpoint_hash = models.BinaryField(max_length=32)
    p256dh = EncryptedTextField()  # the browser's public key, base64url
    auth = EncryptedTextField()
    created_at = models.DateTimeField(db_default=Now())

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="push_endpoint_once", fields=["endpoint_hash"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.pk}"


class SentText(models.Model):
    """A text message that the console adapter "sent"; the demo shows them on a page."""

    token = models.UUIDField(unique=True)
    phone = EncryptedTextField()
    template = models.CharField(max_length=60)
    text = EncryptedTextField()
    sent_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.template
