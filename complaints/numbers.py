"""The number of a case: ten digits that survive being read out over the phone.

Eight random digits and two check digits by ISO/IEC 7064 MOD 97-10, which catch every single wrong
digit and every swap of neighbours, so a misheard number is told from an unknown one.
"""

import secrets
import unicodedata


def _check_digits(body: str) -> str:
    return f"{98 - int(body) * 100 % 97:02d}"


def new_number() -> str:
    body = f"{secrets.randbelow(10**8):08d}"
    return body + _check_digits(body)


def in_groups(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def normalise_number(text: str) -> str | None:
    """What somebody typed or heard, as stored; None when it can't be a case's number."""
    digits = "".join(unicodedata.normalize("NFKC", text).replace("-", " ").split())
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if _check_digits(digits[:8]) == digits[8:] else None
