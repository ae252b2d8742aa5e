"""A case by a link in a message, without signing in: signed, for this one case, and good for a while.

Nothing is stored: the link is made when the message leaves the house, so that nobody who reads messages
in the database can open a case with one.
"""

from datetime import timedelta

from django.core.signing import TimestampSigner
from django.urls import reverse

LIVES = timedelta(days=30)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="complaints.link", sep=".")


def link_to(token: str) -> str:
    return _signer().sign(token)


def open_path(path: str) -> str:
    """The page of the same case for who isn't signed in; ``path`` is that of ``complaints:case``."""
    return reverse("complaints:linked", args=[link_to(path.strip("/").rpartition("/")[2])])


def token_of(link: str) -> str:
    """Raises SignatureExpired for a link that was good, BadSignature for one that never was."""
    return _signer().unsign(link, max_age=LIVES)
