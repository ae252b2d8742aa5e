"""The tree of everyday services that the portal starts with; staff may change it afterwards."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from merchants.models import Category

TREE = Path(__file__).resolve().parent.parent / "data" / "categories.json"


@cache
def shipped() -> list[dict[str, Any]]:
    """Branches with ``children``; a leaf has kind, tags, synonyms and the words its name gives it away by."""
    tree: list[dict[str, Any]] = json.loads(TREE.read_text("utf-8"))
    return tree


def load_categories(categories: type[Category] = Category) -> int:
    """Add what is missing of the shipped tree; staff's changes stay. Returns how many are new."""
    known = set(categories._default_manager.values_list("slug", flat=True))
    rows = [(node, None) for node in shipped()] + [
        (leaf, branch["slug"]) for branch in shipped() for leaf in branch["children"]
    ]
    parents = dict(categories._default_manager.values_list("slug", "pk"))
    added = 0
    for position, (node, branch_slug) in enumerate(rows):
        if node["slug"] in known:
            continue
        row = categories(parent_id=parents.get(branch_slug or ""), position=position, **_columns(node))
        row.save(force_insert=True)
        parents[node["slug"]] = row.pk
        added += 1
    return added


def _columns(node: dict[str, Any]) -> dict[str, Any]:
    kind = node.get("kind", "sellable bookable")
    return {
        "slug": node["slug"],
        "name_zh": node["zh"],
        "name_en": node["en"],
        "icon": node["icon"],
        "synonyms": node.get("synonyms", []),
        "osm_tags": node.get("tags", []),
        "is_bookable": "bookable" in kind,
        "is_sellable": "sellable" in kind,
        "is_discovery_only": kind == "listing",
    }
