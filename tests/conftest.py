"""What every test may use: the fixed cast, made by ``tests/cast.py``, and browsers signed in as them."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation

from merchants.categories import load_categories
from merchants.models import Category, Merchant, Role, Shop, StaffMember
from portal.kernel.invariants import all_invariants
from portal.kernel.models import User
from tests import cast, emptying


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty_tables)
        patch.setattr(TransactionTestCase, "_should_reload_connections", emptying.connects_anew)
        yield


@pytest.fixture(autouse=True)
def nobodys_language() -> None:
    """A request leaves its person's language and zone behind in the thread; the next test has neither."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def tree(db: None) -> None:
    """The shipped categories, also after a test that emptied every table behind itself."""
    load_categories()


@pytest.fixture
def hair(db: None) -> Category:
    return cast.make_category("hair")


@pytest.fixture
def owner(db: None) -> User:
    return cast.make_user(name="李敏")


@pytest.fixture
def merchant(owner: User) -> Merchant:
    return cast.make_merchant(owner, name="青禾理发", name_en="Qinghe Hair")


@pytest.fixture
def shop(merchant: Merchant, hair: Category) -> Shop:
    return cast.make_shop(merchant, category=hair)


@pytest.fixture
def manager(merchant: Merchant) -> StaffMember:
    return cast.make_staff(merchant, Role.MANAGER, cast.make_user(name="陈姐"))


@pytest.fixture
def cashier(merchant: Merchant) -> StaffMember:
    return cast.make_staff(merchant, Role.CASHIER, cast.make_user(name="小陈"))


@pytest.fixture
def consumer(db: None) -> User:
    return cast.make_user(name="张女士")


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another merchant: may do everything there and nothing here."""
    return cast.make_user(name="王老板")


@pytest.fixture
def other_shop(stranger: User, hair: Category) -> Shop:
    return cast.make_shop(cast.make_merchant(stranger, name="别家理发"), name="别家理发店", category=hair)


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """``signed_in(user)``: a browser of that person; ``signed_in()``: of a visitor."""
    return cast.client_of


@pytest.fixture
def books_balance(db: None) -> Callable[[], None]:
    """Call it at the end: every invariant of the portal holds."""

    def check() -> None:
        broken = {one.code: rows for one in all_invariants() if (rows := one.broken())[0]}
        assert broken == {}

    return check
