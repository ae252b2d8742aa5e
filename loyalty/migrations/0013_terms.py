"""A card's terms on a day in one answer: the programme's rules, its level, its campaigns, its balance."""

from typing import ClassVar

from django.db import migrations

TERMS = """
CREATE FUNCTION loyalty_terms(card bigint, day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'day', day,
        'rate', p.points_per_unit,
        'basis', coalesce(e.basis, 'amount'),
        'every', coalesce(e.every, 1),
        'each', coalesce(e.each, 1),
        'rounding', coalesce(e.rounding, 'half_up'),
        'excluded', to_jsonb(coalesce(e.excluded, '{}')),
        'weekdays', to_jsonb(coalesce(e.weekdays, '{100,100,100,100,100,100,100}')),
        'campaign', (
            SELECT max(g.multiplier) FROM loyalty_pointscampaign g
            WHERE g.programme_id = p.id AND g.stopped_at IS NULL AND g.ends_on >= day AND g.starts_on <= day
        ),
        'level', (
            SELECT jsonb_build_object('rank', l.rank, 'name', l.name, 'name_en', l.name_en,
                'discount', l.discount, 'multiplier', l.multiplier, 'privileges', l.privileges)
            FROM loyalty_standing s JOIN loyalty_level l ON l.id = s.level_id WHERE s.card_id = c.id
        ),
        'spend', (
            SELECT jsonb_build_object('points', r.points, 'worth', r.worth, 'minimum', r.minimum, 'share', r.share)
            FROM loyalty_spendingrule r WHERE r.programme_id = p.id AND r.is_on
        ),
        'points', coalesce((
            SELECT a.balance - coalesce((
                SELECT sum(l.remaining) FROM loyalty_lot l
                WHERE l.account_id = a.id AND l.remaining > 0 AND l.expires_at <= now()
            ), 0) - coalesce((
                SELECT sum(h.amount) FROM loyalty_hold h
                WHERE h.account_id = a.id AND h.captured_by_id IS NULL AND h.released_at IS NULL
                  AND h.expires_at > now()
            ), 0)
            FROM loyalty_account a WHERE a.card_id = c.id AND a.kind = 'points'
        ), 0)
    )
    FROM loyalty_card c JOIN loyalty_programme p ON p.id = c.programme_id
    LEFT JOIN loyalty_earningrule e ON e.programme_id = p.id
    WHERE c.id = card
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0012_levels_settle")]

    operations: ClassVar = [
        migrations.RunSQL(TERMS, "DROP FUNCTION loyalty_terms(bigint, date)"),
    ]
