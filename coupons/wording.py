"""Words on a coupon that are void or mislead: pointed out before it goes out, never put right in silence.

Which ones stands in ``settings.COUPON_WORDING``, each with what is said about it and where that comes from.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Remark:
    found: str
    says: Any
    source: str


@lru_cache(maxsize=8)
def _compiled(patterns: tuple[str, ...]) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


def remarks_on(*texts: str) -> list[Remark]:
    """What should be said differently. Full-width letters count as their plain ones."""
    rules: list[dict[str, Any]] = settings.COUPON_WORDING
    plain = " ".join(unicodedata.normalize("NFKC", text) for text in texts)
    patterns = _compiled(tuple(rule["pattern"] for rule in rules))
    pairs = [(pattern.search(plain), rule) for pattern, rule in zip(patterns, rules, strict=True)]
    return [Remark(str(found[0]), rule["says"], rule["source"]) for found, rule in pairs if found]
