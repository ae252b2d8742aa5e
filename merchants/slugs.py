"""Readable names in addresses: pinyin for Chinese, letters and digits for the rest."""

import secrets
from typing import Any

from django.db import models
from django.utils.text import slugify
from pypinyin import lazy_pinyin

RANDOM = "23456789abcdefghjkmnpqrstvwxyz"


def slug_of(name: str, *, limit: int = 50) -> str:
    """``青禾理发`` → ``qinghelifa``; never empty, never longer than ``limit``."""
    text = "".join(lazy_pinyin(name[:limit], errors=lambda other: other))
    return slugify(text)[:limit].strip("-_") or "shop"


def unused_slug(name: str, nouns: type[models.Model]) -> str:
    """The plain slug while nobody has it, else with five random characters after it."""
    plain = slug_of(name)
    manager: Any = nouns._default_manager
    if plain not in RESERVED and not manager.filter(slug=plain).exists():
        return plain
    return f"{plain}-{''.join(secrets.choice(RANDOM) for _ in range(5))}"


RESERVED = frozenset({"start", "new", "shops", "settings", "staff", "admin", "claim", "invite"})
