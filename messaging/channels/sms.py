"""Text messages through a provider: registered templates with parameters, never free text."""

from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext, override

from messaging.channels import Answer, Parcel, Verdict
from messaging.models import SentText


class SmsProvider(Protocol):
    """A provider in China takes a template registered with it and the values for its placeholders.

    ``token`` is the idempotency id: the same sending tried again carries the same token.
    """

    networked: bool

    def send_text(
        self, *, phone: str, template: str, params: dict[str, Any], text: str, language: str, token: UUID
    ) -> Answer: ...


class Console:
    """For development and demo: the text goes into a table instead of a telephone."""

    networked = False

    def send_text(
        self, *, phone: str, template: str, params: dict[str, Any], text: str, language: str, token: UUID
    ) -> Answer:
        SentText.objects.get_or_create(
            token=token, defaults={"phone": phone, "template": template, "text": text}
        )
        return Answer(Verdict.SENT)


def signed(text: str, language: str, *, advertising: bool) -> str:
    """With the sender in front and, under advertising, how to have no more of it."""
    with override(language):
        sender = f"【{gettext('Street Corner')}】"
        return f"{sender}{text} {gettext('Reply R to opt out')}" if advertising else f"{sender}{text}"


class Sms:
    @cached_property
    def provider(self) -> SmsProvider:
        made: SmsProvider = import_string(settings.SMS_PROVIDER)()
        return made

    @property
    def networked(self) -> bool:
        return self.provider.networked

    def is_set_up(self) -> bool:
        return bool(settings.SMS_PROVIDER)

    def send(self, parcel: Parcel) -> Answer:
        return self.provider.send_text(
            phone=parcel.address,
            template=parcel.template,
            params=parcel.params,
            text=signed(parcel.body, parcel.language, advertising=parcel.advertising),
            language=parcel.language,
            token=parcel.token,
        )
