"""E-mail addresses at rest: allauth's table keeps them sealed, and still finds them by equality.

allauth owns the model, so its field can't be declared otherwise; its class is exchanged (wiring.py) for
one that seals on the way in and opens on the way out. allauth compares addresses for equality only
(lower-cased); any other look-up is refused here rather than silently finding nothing.
"""

from typing import Any

from django.db import models
from django.db.models.lookups import In

from portal.kernel.crypto import findables, seal_findable, unseal_findable

LONGEST_EMAIL = 254  # RFC 5321
COLUMN = 400  # base64 of the longest address and its 16-byte tag


class Sealed(str):
    """A text that is sealed already."""

    __slots__ = ()


class UnderEitherKey(In):
    """An address, or one of several; while the index key is being replaced, sealed under either."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        wanted = [rhs] if isinstance(rhs, str) else rhs
        if isinstance(wanted, list | tuple | set):
            rhs = [Sealed(sealed) for address in wanted for sealed in findables(str(address))]
        super().__init__(lhs, rhs)


class SealedEmailField(models.EmailField):
    """``max_length`` is the column's; forms keep to ``LONGEST_EMAIL``."""

    def deconstruct(self) -> Any:
        """To migrations it is the field that allauth declared."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return str(value)
        text = super().get_prep_value(value)
        return None if text is None else seal_findable(text)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal_findable(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("exact", "in", "isnull"):
            raise TypeError("sealed e-mail addresses are found by equality only")
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else UnderEitherKey
