"""The kinds of messages there are: each app registers its own with texts and purpose."""

from dataclasses import dataclass
from typing import Any

from messaging.models import Channel, Purpose


@dataclass(frozen=True)
class Kind:
    """``title`` and ``body`` are lazy translated sentences with named placeholders ``%(shop)s``."""

    name: str
    purpose: Purpose
    title: Any
    body: Any
    channels: tuple[Channel, ...] = (Channel.INBOX, Channel.PUSH)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kind_called(name: str) -> Kind:
    return _kinds[name]
