"""What a payment provider has to be able to do for the portal."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from orders.models import Payment


class Forged(Exception):
    """A notice whose signature or time is wrong. Nothing in it is believed."""


@dataclass(frozen=True)
class Notice:
    """What a provider says about one payment. ``event``: its own number, the same when it repeats itself."""

    event: str
    token: str
    paid: bool
    amount: int  # minor units
    currency: str


class Gateway(ABC):
    """A provider. None of these is ever called inside a transaction of the caller."""

    name: ClassVar[str]

    @abstractmethod
    def begin(self, payment: Payment) -> str:
        """Where to send the payer."""

    @abstractmethod
    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """The notice in a request's raw body. Raises Forged."""

    @abstractmethod
    def ask(self, payment: Payment) -> bool | None:
        """What the provider itself says when asked: paid, not paid, or None for not decided yet."""
