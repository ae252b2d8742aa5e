"""The category tree, as staff change it."""

from django.db import transaction

from merchants.events import CategoryChanged
from merchants.models import Category
from portal.kernel.events import publish


@transaction.atomic
def save_category(category: Category) -> Category:
    """Keep a category; what its shops are found by follows in the background."""
    category.full_clean()
    category.save()
    publish(CategoryChanged(category_id=category.pk))
    return category
