from pathlib import Path
from typing import Any

import pytest

from loyalty.actions import issue_pass
from loyalty.models import MediumKind
from tests.cast import make_shop
from tests.loyalty.certificates import configure
from tests.loyalty.makers import make_card
from tests.wallets.services import ApplePush, GoogleWallet


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Both wallets are switched on, with certificates that nobody else trusts."""
    configure(settings, tmp_path)
    settings.SITE_URL = "https://corner.example"
    return tmp_path


@pytest.fixture
def pushes(settings: Any, folder: Path):
    with ApplePush(folder) as service:
        settings.APPLE_PUSH_URL = service.url
        yield service


@pytest.fixture
def wallet(settings: Any, folder: Path):
    with GoogleWallet(folder / "pass.pem") as service:
        settings.GOOGLE_WALLET_API, settings.GOOGLE_TOKEN_URL = service.url, f"{service.url}/token"
        yield service


@pytest.fixture
def card(merchant, consumer):
    make_shop(merchant)
    return make_card(merchant, consumer, points=57)


@pytest.fixture
def apple(folder, card, consumer):
    """The pass in Apple's wallet."""
    return issue_pass(card, MediumKind.APPLE, by=consumer).wallet


@pytest.fixture
def google(folder, card, consumer):
    return issue_pass(card, MediumKind.GOOGLE, by=consumer).wallet
