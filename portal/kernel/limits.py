"""How often something may be tried: codes sent, codes guessed, passwords, unknown QR tokens.

Counted in PostgreSQL by one atomic statement, so parallel tries can't slip past each other and an
emptied Redis gives nobody a fresh start. A try is counted before it is judged.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from portal.kernel.crypto import blind_index
from portal.kernel.models import Allowance


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries in ``seconds``, counted from the first one."""

    action: str
    most: int
    seconds: int

    def key(self, who: object) -> str:
        return blind_index(f"{self.action}/{self.seconds}/{who}").hex()


def count_try(limit: Limit, who: object) -> int:
    """Count one try of ``who``; how many are left after it, negative when it must be refused.

    Call it outside a transaction: inside one, a roll-back would give the try back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_allowance AS known (key, used, renews_at)
            VALUES (%(key)s, 1, now() + make_interval(secs => %(seconds)s))
            ON CONFLICT (key) DO UPDATE SET
                used = CASE WHEN known.renews_at <= now() THEN 1 ELSE known.used + 1 END,
                renews_at = CASE WHEN known.renews_at <= now()
                            THEN excluded.renews_at ELSE known.renews_at END
            RETURNING used
            """,
            {"key": limit.key(who), "seconds": limit.seconds},
        )
        return int(limit.most - cursor.fetchone()[0])


def take(limit: Limit, who: object) -> bool:
    """Count one try; False when the allowance is used up."""
    return count_try(limit, who) >= 0


def exhausted(limit: Limit, who: object) -> QuerySet[Allowance]:
    """One row while the next try would be refused, for a condition inside another query; else none."""
    return Allowance.objects.filter(pk=limit.key(who), used__gte=limit.most, renews_at__gt=timezone.now())


def used_up(limit: Limit, who: object) -> bool:
    """Whether the next try would be refused, without counting one."""
    return exhausted(limit, who).exists()


def forget(limit: Limit, who: object) -> None:
    """Give the whole allowance back, after the party has proved itself."""
    Allowance.objects.filter(pk=limit.key(who)).delete()
