"""Pure rules about what people write: its language, how useful it is, what to hold back, whose it is."""

import re
from datetime import datetime, timedelta

HAN = re.compile(r"[\u3400-\u9fff]")
LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|cn|net|org|top|xyz|shop|vip)\b", re.I)
NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8})(?!\d)")
CHAT = re.compile(r"(?:微信|薇信|威信|v信|wechat|qq)\s*[:：号]?\s*[a-z0-9_-]{5,}", re.I)
WORTH_A_DAY = 4  # characters: as much newer as a review counts for each
MOST_WORTH = timedelta(days=90)
PHOTO_WORTH = timedelta(days=45)


def language_of(text: str) -> str:
    """As HTML writes it: one Han character makes a text Chinese."""
    return "zh-Hans" if HAN.search(text) else "en"


def masked(name: str) -> str:
    """``张**``, ``G**``: enough to tell two writers apart, not to know them."""
    return f"{name.strip()[:1]}**"


def has_contacts(text: str) -> bool:
    """Whether there is a link, a phone number or a chat account in it: that is how advertising looks."""
    return any(pattern.search(text) for pattern in (LINK, NUMBER, CHAT))


def useful_from(written_at: datetime, said: str, *, photos: int) -> datetime:
    """The moment that "useful" sorts by: recent first, where length and photos make a review younger.

    A day for each four characters up to ninety days, and 45 days for photos. Because the bonus never changes,
    the order of two reviews doesn't either, so that an index can keep it.
    """
    bonus = min(timedelta(days=len(said.strip()) // WORTH_A_DAY), MOST_WORTH)
    return written_at + bonus + (PHOTO_WORTH if photos else timedelta())
