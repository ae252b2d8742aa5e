"""Unguessable codes and the one resolver behind every QR.

Alphabet: Crockford's base32 (no I, L, O, U), https://www.crockford.com/base32.html. The last
character is a check character, so that a slip of the finger is told from an unknown code before
any look-up. It is a sum with the odd weights 1, 3, 5 … modulo 32: every single wrong character is
caught, and every swap of neighbours unless they stand exactly 16 apart in the alphabet.
"""

import io
import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from portal.kernel.models import Code

LENGTH, PROOF = 10, 8  # of a token; of what a holder's phone writes behind it, new each minute
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOLD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "–": None})
Resolver = Callable[[HttpRequest, int], str | None]
_resolvers: dict[str, list[Resolver]] = defaultdict(list)


def check_character(body: str) -> str:
    """Weights 1, 3, 5 … are odd, so each is invertible modulo 32 and no single slip goes unseen."""
    total = sum((2 * place + 1) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[total % 32]


def new_code(length: int = LENGTH) -> str:
    """``length`` characters: random ones (5 bits each) and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + check_character(body)


def _folded(text: str) -> str:
    code = text.strip().upper().translate(_FOLD)
    return code.rsplit("/Q/", 1)[1].strip("/") if "/Q/" in code else code


def normalise_code(text: str, length: int = LENGTH) -> str | None:
    """What a person or a scanner gave, folded to the stored form; None when it can't be a code."""
    code = _folded(text)
    if len(code) != length or any(char not in ALPHABET for char in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def split_code(text: str) -> tuple[str | None, str]:
    """The token in what was scanned, and the proof that a phone wrote behind it, if it did."""
    code = _folded(text)
    token, proof = code[:LENGTH], code[LENGTH:]
    if len(proof) == PROOF and all(char in ALPHABET for char in proof):
        return normalise_code(token), proof
    return normalise_code(text), ""


def issue_code(kind: str, ref: int, *, token: str | None = None) -> str:
    """Make the token of a thing (a card, a coupon, a shop poster) and remember what it stands for.

    ``token``: one that the thing was already saved with.
    """
    return Code.objects.create(token=token or new_code(), kind=kind, ref=ref).token


def issue_codes(kind: str, refs: list[int], *, tokens: list[str] | None = None) -> list[str]:
    """The same for many at once, in the order of ``refs``."""
    named = tokens or [new_code() for _ in refs]
    rows = [Code(token=token, kind=kind, ref=ref) for token, ref in zip(named, refs, strict=True)]
    return [row.token for row in Code.objects.bulk_create(rows, batch_size=2000)]


def retire_code(token: str) -> None:
    """From now on the token leads nowhere; a new one can be issued for the same thing."""
    Code.objects.filter(token=token).delete()


def retire_codes(kind: str, *, before: datetime) -> int:
    """The same for all of a kind that were issued before; for those that live a minute."""
    return Code.objects.filter(kind=kind, created_at__lt=before).delete()[0]


def resolves(kind: str) -> Callable[[Resolver], Resolver]:
    """Register where a scanned code of the kind leads; the highest app is asked first."""

    def register(resolver: Resolver) -> Resolver:
        _resolvers[kind].insert(0, resolver)
        return resolver

    return register


def resolve_code(request: HttpRequest, code: Code) -> str | None:
    for resolver in _resolvers[code.kind]:
        if url := resolver(request, code.ref):
            return url
    return None


def code_url(token: str) -> str:
    """Upper case throughout keeps the symbol in alphanumeric mode, four modules smaller each way."""
    return f"{settings.SITE_URL}/q/{token}".upper()


def qr_svg(text: str, *, print_quality: bool = False) -> SafeString:
    """An inline SVG with a quiet zone of four modules; level M on screens, Q on paper."""
    level = qrcode.constants.ERROR_CORRECT_Q if print_quality else qrcode.constants.ERROR_CORRECT_M
    image = qrcode.make(
        text,
        error_correction=level,
        border=4,
        image_factory=qrcode.image.svg.SvgPathImage,
    )
    out = io.BytesIO()
    image.save(out)
    svg = out.getvalue().decode().split("?>", 1)[-1].strip()
    return mark_safe(svg)  # noqa: S308 - made by the library from a token of ours, no user text in it
