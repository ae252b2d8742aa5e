"""Secrets of authenticator apps lie sealed inside allauth's JSON; they take part in the change of keys."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.kernel.crypto import is_current, seal, unseal


def sealed_inside(data: dict[str, Any]) -> dict[str, Any]:
    """The entries that allauth passes through our adapter's ``encrypt``."""
    return {name: data[name] for name in ("secret", "seed", "migrated_codes") if data.get(name)}


def resealed(value: Any) -> Any:
    if isinstance(value, list):
        return [resealed(one) for one in value]
    return value if is_current(value) else seal(unseal(value))


def reseal_second_steps(*, only_count: bool) -> int:
    left = 0
    for row in Authenticator.objects.only("pk", "data").iterator():
        entries = sealed_inside(row.data)
        if resealed(entries_list := list(entries.values())) == entries_list:
            continue
        if only_count:
            left += 1
            continue
        with transaction.atomic():
            now = Authenticator.objects.select_for_update().get(pk=row.pk)
            now.data |= {name: resealed(value) for name, value in sealed_inside(now.data).items()}
            now.save(update_fields=["data"])
    return left
