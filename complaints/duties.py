"""Who of the desk sees which cases: rows narrow it down, without a row somebody sees all."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.measure import D
from django.db import connection
from django.db.models import Q, prefetch_related_objects

from complaints.models import Complaint, Duty
from complaints.reasons.tree import Tree, reason_tree
from consumers.areas import Area, area_at
from merchants.models import Shop
from portal.kernel.db import point
from portal.kernel.models import User


def learn(users: Iterable[User]) -> None:
    """Read the duties of all of them at once; what is asked about them afterwards asks no more."""
    prefetch_related_objects(list(users), "complaint_duties")


def seen(user: User, path: str = "") -> Q:
    """A condition on cases, or on rows that lead to a case by ``path``; holds everything without duties."""
    duties = list(user.complaint_duties.all())
    if not duties:
        return Q()
    tree, lead = reason_tree(), f"{path}__" if path else ""
    return Q(*[_of(duty, tree, lead) for duty in duties], _connector=Q.OR)


def seen_or_free(user: User, path: str) -> Q:
    """The same for rows that needn't lead to a case: those that don't are for everybody."""
    narrowed = seen(user, path)
    return Q(**{f"{path}__isnull": True}) | narrowed if narrowed else Q()


def _of(duty: Duty, tree: Tree, lead: str) -> Q:
    wanted = Q()
    if duty.reason_id:
        wanted &= Q(**{f"{lead}reason__in": tree.subtree(duty.reason_id)})
    if duty.region:
        wanted &= Q(**{f"{lead}shop__in": _shops_in(area_at(duty.region))})
    return wanted


def _shops_in(area: Area | None) -> Any:
    """A region that the portal has no longer holds no shop."""
    if area is None:
        return Shop.objects.none()
    return Shop.objects.filter(location__dwithin=(point(area.lat, area.lon), D(m=area.within_m))).values("pk")


def seen_of_old(user: User) -> Q:
    """The same for old cases, which lie in no region: of the reasons that somebody works on everywhere."""
    duties = list(user.complaint_duties.all())
    if not duties:
        return Q()
    tree = reason_tree()
    reasons = [code for duty in duties if not duty.region for code in tree.subtree(duty.reason_id or "")]
    return Q(reason__in=reasons)


def covering(users: Iterable[User], complaint: Complaint) -> list[User]:
    """Those of them who see the case, in their order."""
    users = list(users)
    if not (given := _given(users)):
        return users
    tree = reason_tree()
    regions = _holding(complaint.shop_id, {duty.region for one in given.values() for duty in one})

    def holds(duty: Duty) -> bool:
        return tree.holds(complaint.reason_id, duty.reason_id) and duty.region in regions

    return [user for user in users if user.pk not in given or any(map(holds, given[user.pk]))]


def _given(users: list[User]) -> dict[int, list[Duty]]:
    """The duties of those who have any, as far as they are known from the one question, or by another."""
    known = {
        user.pk: user
        for user in users
        if "complaint_duties" in getattr(user, "_prefetched_objects_cache", {})
    }
    rows = [duty for user in known.values() for duty in user.complaint_duties.all()]
    if unknown := [user.pk for user in users if user.pk not in known]:
        rows += Duty.objects.filter(user__in=unknown)
    given: dict[int, list[Duty]] = {}
    for duty in rows:
        given.setdefault(duty.user_id, []).append(duty)
    return given


def covers(user: User, complaint: Complaint) -> bool:
    return bool(covering([user], complaint))


def _holding(shop: int, slugs: set[str]) -> set[str]:
    """Which of the regions hold the shop; "everywhere" always does."""
    areas = {slug: area for slug in slugs if slug and (area := area_at(slug))}
    if not areas:
        return {""}
    sql = """
        SELECT a.slug FROM merchants_shop s, jsonb_to_recordset(%s::jsonb)
            AS a(slug text, lat float8, lon float8, metres float8)
        WHERE s.id = %s
          AND ST_DWithin(s.location, ST_SetSRID(ST_MakePoint(a.lon, a.lat), 4326)::geography, a.metres)
    """
    told = [_as_row(area) | {"slug": slug} for slug, area in areas.items()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(told), shop])
        return {"", *(slug for (slug,) in cursor.fetchall())}


def _as_row(area: Area) -> dict[str, float]:
    return {"lat": area.lat, "lon": area.lon, "metres": area.within_m}


def as_rows(user: User) -> str | None:
    """The duties for SQL that reads many tables: JSON of reasons, lat, lon and metres; None without any.

    A region that the portal has no longer has nothing in it.
    """
    duties = list(user.complaint_duties.all())
    if not duties:
        return None
    tree, rows = reason_tree(), []
    for duty in duties:
        area = area_at(duty.region)
        if duty.region and area is None:
            continue
        reasons = tree.subtree(duty.reason_id) if duty.reason_id else None
        rows.append({"reasons": reasons} | (_as_row(area) if area else {}))
    return json.dumps(rows)
