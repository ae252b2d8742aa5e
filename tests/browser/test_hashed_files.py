"""Pages with the static files of production: every name carries its content's hash, modules included."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from portal.home.web import pwa
from portal.kernel.models import User
from tests.browser.test_messages import installed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture
def as_in_production(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    settings.STATIC_ROOT = str(folder)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.home.hashed.HashedFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, folder]  # the test server serves what it finds
    pwa._worker_once.cache_clear()
    return folder


@pytest.mark.usefixtures("as_in_production")
def test_scripts_are_asked_for_by_their_hash_and_work_without_a_network(visit: Any, consumer: User) -> None:
    asked: list[str] = []
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.context.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    files = [url for url in asked if "/static/" in url]
    assert [url for url in files if not HASHED.search(url.partition("#")[0])] == []
    assert len([url for url in files if "/static/js/" in url]) >= 10

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-as-of]")).to_be_visible()
    alive = "Promise.all([...document.scripts].map((one) => import(one.src))).then(() => true)"
    assert page.evaluate(alive) is True
    page.context.set_offline(False)
    pwa._worker_once.cache_clear()
