"""Rules of law on prepaid cards, by jurisdiction: numbers with their sources, in force only where chosen.

``PREPAID_PROFILE`` names the profile; without it nothing here holds and merchants set their own limits.
These numbers come from secondary sources: have them reviewed before real money depends on them.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from loyalty.models import StoredValueTerms


@dataclass(frozen=True)
class Profile:
    """Amounts in minor units; ``None``: the law of the place sets no such limit."""

    most_on_a_named_card: int | None = None
    most_on_an_unnamed_card: int | None = None
    most_owed_of_revenue: int | None = None  # percent of last year's, on all cards of a merchant together
    cooling_off_days: int = 0
    named_money_expires: bool = True
    sources: dict[str, str] = field(default_factory=dict)


PROFILES = {
    "": Profile(),
    "cn": Profile(
        most_on_a_named_card=500_000,
        most_on_an_unnamed_card=100_000,
        most_owed_of_revenue=40,
        cooling_off_days=7,
        named_money_expires=False,
        sources={
            "most_on_a_named_card": "单用途商业预付卡管理办法（试行），商务部令2012年第9号，第十八条",
            "most_on_an_unnamed_card": "单用途商业预付卡管理办法（试行），商务部令2012年第9号，第十八条",
            # its strictest limit, that of shops and restaurants; services may owe their whole revenue
            "most_owed_of_revenue": "单用途商业预付卡管理办法（试行），商务部令2012年第9号，第二十五条",
            "named_money_expires": "单用途商业预付卡管理办法（试行），商务部令2012年第9号，第十九条",
            "cooling_off_days": "最高人民法院关于审理预付式消费民事纠纷案件适用法律若干问题的解释，"
            "法释〔2025〕4号，第十四条",
        },
    ),
}


def profile() -> Profile:
    return PROFILES[settings.PREPAID_PROFILE]


def merchant_cap(terms: StoredValueTerms) -> int | None:
    """What all cards of a merchant may hold together, in minor units: the lower of the law's and its own."""
    share = profile().most_owed_of_revenue
    law = terms.revenue * share // 100 if share is not None and terms.revenue is not None else None
    caps = [cap for cap in (law, terms.most_owed) if cap is not None]
    return min(caps) if caps else None


@register()
def profile_is_known(**_kwargs: Any) -> list[Error]:
    if settings.PREPAID_PROFILE in PROFILES:
        return []
    known = ", ".join(name for name in PROFILES if name)
    return [Error(f"PREPAID_PROFILE is {settings.PREPAID_PROFILE!r}; known: {known}.", id="loyalty.E001")]
