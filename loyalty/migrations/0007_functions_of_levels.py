"""How a card's level is judged, and its terms on a day in one answer."""

from django.db import migrations

from portal.kernel.migrating import function

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

# What a card has reached since its window opened.
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

# The terms of a card on a day: the programme's rules, its level, its campaigns, its stamp cards, its balance
# without what waits, has expired or is held.
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
        'stamps', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', t.id, 'needed', t.needed, 'basis', t.basis, 'gift', t.gift,
                'gift_en', t.gift_en, 'services', t.services, 'months', t.months, 'days', t.days) ORDER BY t.id)
            FROM loyalty_stampscheme t WHERE t.programme_id = p.id AND t.is_on
        ), '[]'),
        'waits', coalesce(e.waits, 0),
        'waiting', coalesce((
            SELECT sum(l.remaining) FROM loyalty_lot l JOIN loyalty_account a ON a.id = l.account_id
            WHERE a.card_id = c.id AND a.kind = 'points' AND l.remaining > 0 AND l.usable_from > now()
        ), 0),
        'points', coalesce((
            SELECT a.balance - coalesce((
                SELECT sum(l.remaining) FROM loyalty_lot l
                WHERE l.account_id = a.id AND l.remaining > 0 AND (l.expires_at <= now() OR l.usable_from > now())
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
    replaces = [("loyalty", "0007_members_come_and_merge")]
    dependencies = [("loyalty", "0006_functions_of_the_ledger")]
    operations = [
        function(OPENS),
        function(REACHED),
        function(SETTLE, "(bigint, timestamptz, timestamptz, boolean)"),
        function(TERMS),
    ]
