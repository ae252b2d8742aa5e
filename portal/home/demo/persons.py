"""The handful of people whose logins the demo gives away, one for each part that can be played."""

from dataclasses import dataclass

from django.utils import timezone

from portal.home.demo.people import phone_of
from portal.kernel.models import User

PASSWORD = "street-corner-demo"  # noqa: S105 (printed on the start page of every demo)


@dataclass(frozen=True)
class Part:
    role: str
    name: str
    phone: str
    language: str
    does: str


PARTS = (
    Part("consumer", "林小满", phone_of(1), "zh-hans", "has cards and coupons, buys, complains"),
    Part("visitor-en", "Grace H.", phone_of(2), "en", "the same, reading English"),
    Part("owner", "周青禾", phone_of(3), "zh-hans", "owns the first merchant and its two shops"),
    Part("manager", "李敏", phone_of(4), "zh-hans", "manages the first merchant"),
    Part("cashier", "陈小川", phone_of(5), "zh-hans", "stands at the first merchant's counter"),
    Part("stranger", "吴远山", phone_of(6), "zh-hans", "owns the second merchant, a stranger to the first"),
    Part("staff", "何清和", phone_of(7), "zh-hans", "platform staff: the complaints desk"),
    Part("admin", "Administrator", phone_of(8), "en", "platform staff who may do everything"),
)
FIRST_FREE_PHONE = 100  # the demo's other people come after these


def make_parts() -> dict[str, User]:
    """Create the people of the cast; their phones are proven and they share one password."""
    people = {}
    for part in PARTS:
        people[part.role] = User.objects.create_user(
            password=PASSWORD,
            name=part.name,
            phone=part.phone,
            phone_verified_at=timezone.now(),
            language=part.language,
            is_staff=part.role in ("staff", "admin"),
            is_superuser=part.role == "admin",
        )
    return people


def parts_in_place() -> dict[str, User]:
    """The cast of an existing demo; empty when there is none."""
    found = {}
    for part in PARTS:
        if user := User.objects.with_phone(part.phone).first():
            found[part.role] = user
    return found
