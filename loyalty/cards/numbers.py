"""Card numbers: twelve digits that a cashier can type and that give away nothing."""

import secrets

LENGTH = 12
ISSUER = "62"  # this portal's issuer group: the first two digits


def luhn_digit(body: str) -> str:
    """The check digit of ISO/IEC 7812-1 annex B: any single wrong digit and most swaps are seen."""
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def new_number() -> str:
    """Random, not counted up: nobody learns from a number how many members there are."""
    body = ISSUER + "".join(secrets.choice("0123456789") for _ in range(LENGTH - 3))
    return body + luhn_digit(body)


def normalise_number(text: str) -> str | None:
    """Twelve digits however they were grouped or widened, or None when a digit must be wrong."""
    digits = "".join(str(int(char)) for char in text if char.isdecimal())
    rest = [char for char in text.strip() if not char.isdecimal() and char not in " -–"]
    if rest or len(digits) != LENGTH or luhn_digit(digits[:-1]) != digits[-1]:
        return None
    return digits
