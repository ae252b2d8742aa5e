"""From a row to something a channel can send: texts in the receiver's language and zone."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from messaging.channels import Browser, Parcel
from messaging.consent import is_fixed, unsubscribe_path
from messaging.kinds import HEADLINES, Kind, kind_called, readable
from messaging.models import Channel, Dispatch, Message, Priority, Purpose
from portal.kernel.via import marked

KEEP = 3 * 24 * 3600  # a push service holds the message for a browser that is off


def make(row: Dispatch, address: Any, moment: datetime) -> Parcel:
    """LookupError for an unknown kind or a missing value."""
    message, kind = row.message, kind_called(row.message.kind)
    params, language, zone = _for_whom(message)
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        title, body = kind.written(params)
        return Parcel(
            token=row.token,
            address=_plain(row, address),
            title=title,
            body=body,
            headline=str(HEADLINES[Purpose(message.purpose)]),
            url=link_of(message, row.channel),
            language=language,
            seconds_useful=_useful(message, moment),
            urgent=row.priority == Priority.URGENT,
            bulk=row.priority == Priority.BULK,
            template=kind.template or kind.name,
            params=readable(params),
            unsubscribe=_way_out(row, kind),
            advertising=kind.is_marketing,
            thread=kind.thread(message.url, params) if kind.thread and message.url else None,
        )


def link_of(message: Message, channel: str) -> str:
    """Links in advertising say which way they came, so that its sender sees which way brings people."""
    kind = kind_called(message.kind)
    if not message.url:
        return ""
    if kind.outside and channel != Channel.INBOX:
        return kind.outside(message.url)
    return marked(message.url, channel) if kind.is_marketing else message.url


def _for_whom(message: Message) -> tuple[dict[str, Any], str, str]:
    if message.person is not None:
        return message.params, message.person.language, message.person.time_zone
    sealed = json.loads(message.sealed or "{}")
    return sealed.get("params", {}), sealed.get("language", settings.LANGUAGE_CODE), settings.HOME_TIME_ZONE


def _plain(row: Dispatch, address: Any) -> Any:
    if row.channel != Channel.PUSH:
        return address
    return tuple(Browser(b.pk, b.endpoint, b.p256dh, b.auth) for b in address)


def _useful(message: Message, moment: datetime) -> int:
    if not message.useless_after:
        return KEEP
    return max(1, min(KEEP, int((message.useless_after - moment).total_seconds())))


def _way_out(row: Dispatch, kind: Kind) -> str:
    """Only from what may be refused."""
    if row.message.person_id is None or is_fixed(kind.purpose, row.channel):
        return ""
    way_out = unsubscribe_path(row.message.person_id, kind.purpose, row.channel, row.message.merchant_id)
    return f"{settings.SITE_URL}{way_out}"
