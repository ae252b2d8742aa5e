"""The next number: nobody else's, neither a case's nor that of a mail that waits to become one."""

from complaints.models import Complaint, Mail
from complaints.numbers import new_number


def free_number() -> str:
    number = new_number()
    while _is_taken(number):
        number = new_number()
    return number


def _is_taken(number: str) -> bool:
    return Complaint.objects.filter(number=number).exists() or Mail.objects.filter(number=number).exists()
