import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils import translation

from portal.home.columns import NAMES

HAN = re.compile(r"[\u4e00-\u9fff]")
SHOWN = list(admin.site._registry)
ALIKE = {"ID", "English"}  # said so in both languages


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_staff_read_the_names_of_a_table_and_of_its_columns_in_chinese(model: Any):
    with translation.override("zh-hans"):
        names = [model._meta.verbose_name, model._meta.verbose_name_plural]
        names += [column.verbose_name for column in model._meta.fields]
        foreign = [str(name) for name in names if not HAN.search(str(name))]
    assert set(foreign) <= ALIKE


def test_rows_inside_a_page_of_staff_are_named_in_chinese_too():
    inside = {line.model for page in admin.site._registry.values() for line in page.inlines}
    with translation.override("zh-hans"):
        foreign = [str(model._meta.verbose_name_plural) for model in inside]
        assert [name for name in foreign if not HAN.search(name)] == []


def test_each_name_of_a_column_is_some_tables():
    columns = {column.name for model in apps.get_models() for column in model._meta.local_fields}
    assert set(NAMES) - columns == set()


def test_a_name_given_where_a_column_is_declared_stands():
    grade: Any = apps.get_model("complaints.Complaint")._meta.get_field("grade")
    with translation.override("zh-hans"):
        assert str(grade.verbose_name) == "严重程度"
