"""The language row under "Me", as a person without scripts uses it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from portal.kernel.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_language_is_switched_where_the_person_stands(visit: Any, consumer: User, scripts: bool) -> None:
    page = visit("/me/?from=help", user=consumer, language="zh-hans", scripts=scripts)
    row = page.locator("#account .row").filter(has_text="语言")
    expect(row.locator(".row-meta")).to_have_text("中文")
    expect(row.get_by_role("button", name="中文")).to_have_attribute("aria-pressed", "true")

    row.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/me/?from=help#account")
    row = page.locator("#account .row").filter(has_text="Language")
    expect(row.locator(".row-meta")).to_have_text("English")
    consumer.refresh_from_db()
    assert consumer.language == "en"
