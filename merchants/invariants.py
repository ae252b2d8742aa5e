"""Which rows must stand in one merchant together: read from the models, so no new table is forgotten."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


def _kept_apart(model: type[models.Model]) -> bool:
    """Whether the model's rows belong to one merchant; audit copies repeat what was, right or wrong."""
    names = {field.name for field in model._meta.concrete_fields}
    return "merchant" in names and "pgh_id" not in names


# A claim is how somebody reaches for a shop that is not theirs (yet).
_reaching = {("merchants.listingclaim", "shop")}


def reaches_across(model: type[models.Model], field: str) -> None:
    """Rows of the model may point to another merchant's: they stay behind when a shop changes hands."""
    _reaching.add((model._meta.label_lower, field))


def pairs() -> Iterator[tuple[type[models.Model], models.ForeignKey, type[models.Model]]]:
    """Child, foreign key, parent: both of them private to a merchant."""
    for child in apps.get_models():
        for field in child._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.name != "merchant" and _kept_apart(child):
                parent = field.related_model
                if _kept_apart(parent) and (child._meta.label_lower, field.name) not in _reaching:
                    yield child, field, parent


@invariant("I09", _("no row points into another merchant’s data"))
def across_tenants() -> str:
    """One question per pair of tables, generated from the models."""
    return " UNION ALL ".join(_question(child, field, parent) for child, field, parent in pairs())


def _question(child: type[models.Model], field: models.ForeignKey, parent: type[models.Model]) -> str:
    mine, theirs = child._meta, parent._meta
    # every name comes from the models
    return (
        f"SELECT '{mine.label_lower} ' || c.{mine.pk.column} AS id FROM {mine.db_table} c"  # noqa: S608
        f" JOIN {theirs.db_table} p ON p.{theirs.pk.column} = c.{field.column}"
        " WHERE c.merchant_id <> p.merchant_id"
    )


@invariant("S01", _("what lists read of a shop’s special days is what its owner entered"))
def calendars_follow_the_days() -> str:
    """Days to come that stand in one place and not in the other, and times away that lists don't know."""
    return """
        SELECT s.id FROM merchants_shop s
        LEFT JOIN LATERAL (
            SELECT array_agg(d."on"::text ORDER BY d."on") AS days FROM merchants_specialday d
            WHERE d.shop_id = s.id AND d.kind <> 'usual' AND d."on" > current_date + 1
        ) AS entered ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(day ORDER BY day) AS days FROM jsonb_object_keys(s.calendar->'days') AS day
            WHERE day::date > current_date + 1
        ) AS kept ON true
        WHERE (s.calendar IS NOT NULL OR s.away_from IS NOT NULL OR entered.days IS NOT NULL)
          AND (entered.days IS DISTINCT FROM kept.days
               OR (s.calendar->'away'->>0) IS DISTINCT FROM s.away_from::text
               OR (s.calendar->'away'->>1) IS DISTINCT FROM s.back_on::text)
    """


@invariant("S02", _("a storefront tells exactly the notices that are published"))
def storefronts_tell_what_is_published() -> str:
    return """
        SELECT s.id FROM merchants_shop s
        LEFT JOIN LATERAL (
            SELECT array_agg(n.text ORDER BY n.text) AS texts FROM merchants_notice n
            WHERE n.shop_id = s.id AND n.published_at IS NOT NULL AND n.withdrawn_at IS NULL
        ) AS published ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(one->>'zh' ORDER BY one->>'zh') AS texts FROM jsonb_array_elements(s.told) AS one
        ) AS told ON true
        WHERE (s.told IS NOT NULL OR published.texts IS NOT NULL)
          AND published.texts IS DISTINCT FROM told.texts
    """
