"""A text without a sure translation is found in the sources themselves, not only in the catalogues."""

from pathlib import Path

import pytest

from portal.kernel.management.commands.check_translations import gaps_in

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Open"
msgstr "营业中"

#, fuzzy
msgid "Closed"
msgstr "关"
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "stalls"
    catalogue = folder / "locale/zh_Hans/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE)
    (folder / "texts.py").write_text('from django.utils.translation import gettext as _\n_("Open")\n')
    return folder


def test_a_complete_app_has_no_gap(app: Path):
    assert list(gaps_in(app)) == []


def test_a_text_that_no_catalogue_has_is_found(app: Path):
    (app / "page.html").write_text("{% load i18n %}{% translate 'Opens later' %}")

    assert list(gaps_in(app)) == [("zh_Hans", "Opens later")]


def test_an_unsure_translation_that_is_still_used_is_found(app: Path):
    (app / "more.py").write_text('from django.utils.translation import gettext as _\n_("Closed")\n')

    assert list(gaps_in(app)) == [("zh_Hans", "Closed")]


def test_the_committed_catalogue_is_only_read(app: Path):
    (app / "page.html").write_text("{% load i18n %}{% translate 'Opens later' %}")

    list(gaps_in(app))

    assert (app / "locale/zh_Hans/LC_MESSAGES/django.po").read_text() == CATALOGUE
