"""How a card's level is judged, and the walls that keep its rows in the card's own merchant."""

from typing import ClassVar

from django.db import migrations

# Where a window opens on the calendar of the place; NULL: it was always open. A day that a month
# doesn't have is its last one, as PostgreSQL subtracts months.
OPENS = """
CREATE FUNCTION loyalty_window_opens(kind text, months integer, moment timestamptz, zone text)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE kind
        WHEN 'calendar' THEN date_trunc('year', moment AT TIME ZONE zone) AT TIME ZONE zone
        WHEN 'rolling' THEN
            (date_trunc('day', moment AT TIME ZONE zone) - make_interval(months => months)) AT TIME ZONE zone
    END
$$
"""

REACHED = """
CREATE FUNCTION loyalty_reached(card bigint, metric text, opens timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(CASE metric WHEN 'amount' THEN k.amount WHEN 'visits' THEN k.visits ELSE k.points END), 0)::bigint
    FROM loyalty_consumption k
    WHERE k.card_id = card AND (opens IS NULL OR k.at >= opens) AND k.at <= moment
$$
"""

# Lock, judge, move. Called by the trigger on every sale and by the nightly sweep: what a card earned
# it gets at once; what it no longer earns it loses only at night, after notice, or with the sale that
# is undone. A level that was given stands until its last day.
SETTLE = """
CREATE FUNCTION loyalty_settle(card bigint, happened timestamptz, undone timestamptz, nightly boolean)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rule loyalty_levelrule;
    held loyalty_standing;
    stands loyalty_level;
    due loyalty_level;
    before loyalty_level;
    moment timestamptz;
    today date;
    opens timestamptz;
    counted bigint;
    move text;
    falls date;
BEGIN
    SELECT r.* INTO rule FROM loyalty_levelrule r JOIN loyalty_card c ON c.programme_id = r.programme_id
    WHERE c.id = card;
    IF NOT FOUND THEN
        RETURN 'no levels';
    END IF;

    SELECT s.* INTO held FROM loyalty_standing s WHERE s.card_id = card FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO loyalty_standing (merchant_id, card_id, level_id, ground, reason, since)
        SELECT l.merchant_id, card, l.id, 'earned', '', happened
        FROM loyalty_level l WHERE l.programme_id = rule.programme_id AND l.rank = 0
        ON CONFLICT (card_id) DO NOTHING;
        SELECT s.* INTO STRICT held FROM loyalty_standing s WHERE s.card_id = card FOR NO KEY UPDATE;
    END IF;
    SELECT l.* INTO STRICT stands FROM loyalty_level l WHERE l.id = held.level_id;

    SELECT greatest(happened, max(k.at)) INTO moment FROM loyalty_consumption k WHERE k.card_id = card;
    today := (moment AT TIME ZONE rule.time_zone)::date;
    opens := loyalty_window_opens(rule."window", rule.months, moment, rule.time_zone);
    counted := loyalty_reached(card, rule.metric, opens, moment);
    SELECT l.* INTO STRICT due FROM loyalty_level l
    WHERE l.programme_id = rule.programme_id AND l.is_on AND l.threshold <= counted
    ORDER BY l.rank DESC LIMIT 1;

    IF due.rank > stands.rank THEN
        move := 'promoted';
    ELSIF held.ground = 'granted' AND held.until >= today THEN
        RETURN 'given';
    ELSIF due.rank = stands.rank THEN
        IF held.falls_on IS NULL AND held.ground = 'earned' THEN
            RETURN 'as it was';
        END IF;
        UPDATE loyalty_standing s
        SET falls_on = NULL, noticed_on = NULL, ground = 'earned', reason = '', until = NULL
        WHERE s.id = held.id;
        RETURN 'kept';
    ELSIF held.ground = 'granted' THEN
        move := 'ended';
    ELSIF undone IS NOT NULL AND held.since >= undone THEN
        -- the level this sale helped to goes with it, down to the one held before
        SELECT l.* INTO before FROM loyalty_levelmove m JOIN loyalty_level l ON l.id = m.was_id
        WHERE m.card_id = card AND m.at >= undone ORDER BY m.id LIMIT 1;
        IF before.rank > due.rank THEN
            due := before;
        END IF;
        IF due.rank >= stands.rank THEN
            RETURN 'as it was';
        END IF;
        move := 'undone';
    ELSIF NOT nightly THEN
        RETURN 'as it was';
    ELSE
        falls := coalesce(held.falls_on, today + rule.grace_days);
        IF held.noticed_on IS NULL AND today >= falls - 30 THEN
            UPDATE loyalty_standing s SET falls_on = greatest(falls, today + 30), noticed_on = today WHERE s.id = held.id;
            RETURN 'notice';
        ELSIF held.noticed_on IS NULL OR today < falls THEN
            UPDATE loyalty_standing s SET falls_on = falls WHERE s.id = held.id AND s.falls_on IS NULL;
            RETURN 'waiting';
        END IF;
        move := 'demoted';
    END IF;

    INSERT INTO loyalty_levelmove (merchant_id, card_id, was_id, now_id, kind, metric, counted_from,
                                   reached, threshold, reason, at)
    VALUES (held.merchant_id, card, stands.id, due.id, move, rule.metric, opens, counted, due.threshold, '', moment);
    UPDATE loyalty_standing s
    SET level_id = due.id, ground = 'earned', reason = '', since = moment, until = NULL,
        falls_on = NULL, noticed_on = NULL
    WHERE s.id = held.id;
    RETURN move;
END $$
"""


def wall(table: str, name: str) -> migrations.RunSQL:
    """A foreign key to the card that carries the tenant, in place of the plain one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (merchant_id, card_id)"
        " REFERENCES loyalty_card (merchant_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0011_levels_and_rules")]

    operations: ClassVar = [
        wall("loyalty_consumption", "consumption_stays_with_its_card"),
        wall("loyalty_standing", "standing_stays_with_its_card"),
        wall("loyalty_levelmove", "level_move_stays_with_its_card"),
        migrations.RunSQL(
            "ALTER TABLE loyalty_standing ADD CONSTRAINT standing_stays_with_its_merchants_levels"
            " FOREIGN KEY (merchant_id, level_id) REFERENCES loyalty_level (merchant_id, id)",
            "ALTER TABLE loyalty_standing DROP CONSTRAINT standing_stays_with_its_merchants_levels",
        ),
        migrations.RunSQL(OPENS, "DROP FUNCTION loyalty_window_opens(text, integer, timestamptz, text)"),
        migrations.RunSQL(REACHED, "DROP FUNCTION loyalty_reached(bigint, text, timestamptz, timestamptz)"),
        migrations.RunSQL(SETTLE, "DROP FUNCTION loyalty_settle(bigint, timestamptz, timestamptz, boolean)"),
    ]
