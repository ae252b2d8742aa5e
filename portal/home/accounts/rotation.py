"""What lies sealed in allauth's own tables takes part in the change of keys.

Secrets of authenticator apps are sealed inside its JSON under FIELD_KEYS, e-mail addresses in its
column under a key derived from BLIND_INDEX_KEY.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from portal.kernel.crypto import is_current, seal, seal_findable, unseal, unseal_findable


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


def reseal_addresses(*, only_count: bool) -> int:
    """Each address under the current key; row by row, so that it may be stopped at any point."""
    left = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, email FROM account_emailaddress ORDER BY id")
        for key, sealed in cursor.fetchall():
            current = seal_findable(unseal_findable(sealed))
            if current == sealed:
                continue
            if only_count:
                left += 1
                continue
            cursor.execute(
                "UPDATE account_emailaddress SET email = %s WHERE id = %s AND email = %s",
                [current, key, sealed],
            )
    return left
