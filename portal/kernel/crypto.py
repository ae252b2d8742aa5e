"""Personal data at rest: encrypted fields, and a keyed blind index to find them by.

Values are sealed with AES-256-GCM under a random 96-bit nonce (NIST SP 800-38D); the stored text
is ``<key id>:<base64(nonce + ciphertext + tag)>``, so keys can be rotated row by row. The blind
index is HMAC-SHA256 of the normalised value under a key of its own.

A value that a third-party table must find by equality is sealed with AES-SIV (RFC 5297) under a
key derived from the index key: equal values look equal, which is what a blind index tells too.
"""

import base64
import hashlib
import hmac
import os
from contextlib import suppress
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class WrongKey(Exception):
    """A sealed value can't be opened with the keys at hand. Never answered by returning ciphertext."""


@lru_cache(maxsize=4)
def _ring(entries: tuple[str, ...]) -> dict[str, AESGCM]:
    ring: dict[str, AESGCM] = {}
    for entry in entries:
        name, _, key = entry.partition(":")
        raw = base64.b64decode(key)
        if len(raw) != 32 or not name:
            raise ImproperlyConfigured("FIELD_KEYS takes id:base64 pairs of 32-byte keys")
        ring[name] = AESGCM(raw)
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS is empty: personal data could not be sealed")
    return ring


def keyring() -> dict[str, AESGCM]:
    """The keys by id, the one that seals first."""
    return _ring(tuple(settings.FIELD_KEYS))


def seal(text: str) -> str:
    """Encrypt with the current key."""
    name, key = next(iter(keyring().items()))
    nonce = os.urandom(12)
    return f"{name}:{base64.b64encode(nonce + key.encrypt(nonce, text.encode(), name.encode())).decode()}"


def unseal(sealed: str) -> str:
    """Decrypt what ``seal`` wrote. Raises WrongKey, loudly, for an unknown key or altered text."""
    name, _, body = sealed.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
        return keyring()[name].decrypt(raw[:12], raw[12:], name.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as fault:
        raise WrongKey(f"a value sealed under key {name[:8]!r} can't be opened") from fault


def _index_keys() -> list[bytes]:
    """The key that indexes now and, while it is being replaced, the one before it."""
    keys = [base64.b64decode(settings.BLIND_INDEX_KEY)]
    if settings.BLIND_INDEX_KEY_PREVIOUS:
        keys.append(base64.b64decode(settings.BLIND_INDEX_KEY_PREVIOUS))
    if min(map(len, keys)) < 32:
        raise ImproperlyConfigured("BLIND_INDEX_KEY takes the base64 of at least 32 bytes")
    return keys


def blind_indexes(text: str) -> list[bytes]:
    """What a row with this value may be found by: the current index and, during a change, the former."""
    normal = text.strip().casefold().encode()
    return [hmac.new(key, normal, hashlib.sha256).digest() for key in _index_keys()]


def blind_index(text: str) -> bytes:
    """32 bytes that are equal for equal values and tell nothing without the key. Written, not searched by."""
    return blind_indexes(text)[0]


def is_index_of(index: bytes | memoryview | None, text: str | None) -> bool:
    """Whether a stored index belongs to this value, under either key."""
    return bool(index and text) and bytes(index or b"") in blind_indexes(text or "")


@lru_cache(maxsize=4)
def _siv(index_key: bytes) -> AESSIV:
    return AESSIV(hmac.new(index_key, b"findable", hashlib.sha512).digest())


def findables(text: str) -> list[str]:
    """As ``blind_indexes``: what a row with this value may be found by, the current text first."""
    return [base64.b64encode(_siv(key).encrypt(text.encode(), None)).decode() for key in _index_keys()]


def seal_findable(text: str) -> str:
    """Encrypt so that equal values give equal text, for columns that are searched by equality."""
    return findables(text)[0]


def unseal_findable(sealed: str) -> str:
    """Decrypt what ``seal_findable`` wrote. Raises WrongKey, loudly, for another key or altered text."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except ValueError as fault:
        raise WrongKey("a findable value can't be opened") from fault
    for key in _index_keys():
        with suppress(ValueError, InvalidTag):
            return _siv(key).decrypt(raw, None).decode()
    raise WrongKey("a findable value can't be opened")


# Functions ``fn(*, only_count) -> values left under older keys`` for what is sealed inside a column
# of somebody else's; ``manage.py rotate_field_keys`` calls them.
resealers: list[Any] = []


def is_current(sealed: str) -> bool:
    """Whether the value is sealed under the key that seals now."""
    return sealed.startswith(f"{next(iter(keyring()))}:")


class EncryptedTextField(models.TextField):
    """Text that is sealed in the database and plain in Python. Can't be filtered: use its blind index."""

    allowed_lookups = ("isnull", "df", "ndf")  # the last two are the audit triggers' "is distinct from"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in self.allowed_lookups:
            raise TypeError(f"{self.name} is encrypted: filter by its blind index")
        return super().get_lookup(lookup_name)


class BlindIndexField(models.BinaryField):
    """Kept beside an encrypted field ``of``; set on save, null where the field is empty."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"null": True, "blank": True, "editable": False, "max_length": 32}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        text = getattr(model_instance, self.of)
        value = blind_index(text) if text else None
        setattr(model_instance, self.attname, value)
        return value
