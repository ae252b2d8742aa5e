"""The ledger's functions: several kinds of value, what is held, waits, is owed (``loyalty/value/ledger.py``)."""

from django.db import migrations

from portal.kernel.migrating import function

# The row everybody of one card and kind queues at; made when it is first needed.
ACCOUNT = """
CREATE FUNCTION loyalty_account_of(card bigint, value text) RETURNS loyalty_account LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
BEGIN
    SELECT a.* INTO held FROM loyalty_account a WHERE a.card_id = card AND a.kind = value FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO loyalty_account (merchant_id, card_id, kind, balance)
        SELECT c.merchant_id, c.id, value, 0 FROM loyalty_card c WHERE c.id = card ON CONFLICT DO NOTHING;
        SELECT a.* INTO STRICT held FROM loyalty_account a
        WHERE a.card_id = card AND a.kind = value FOR NO KEY UPDATE;
    END IF;
    RETURN held;
END $$
"""

# What is promised to something under way: living holds, of which one may be left out.
KEPT = """
CREATE FUNCTION loyalty_kept(account bigint, moment timestamptz, but bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(h.amount), 0)::bigint FROM loyalty_hold h
    WHERE h.account_id = account AND h.captured_by_id IS NULL AND h.released_at IS NULL
      AND h.expires_at > moment AND h.id IS DISTINCT FROM but
$$
"""

# What no debit may touch: that, and points that only wait, but for those of one entry.
HELD = """
CREATE FUNCTION loyalty_held(account bigint, moment timestamptz, but bigint, own bigint DEFAULT NULL)
RETURNS bigint LANGUAGE sql AS $$
    SELECT loyalty_kept(account, moment, but) + coalesce((
        SELECT sum(l.remaining) FROM loyalty_lot l
        WHERE l.account_id = account AND l.remaining > 0 AND l.usable_from > moment
          AND l.entry_id IS DISTINCT FROM own
    ), 0)::bigint
$$
"""

# Writes one entry with what belongs to it. The caller holds the account's row and has judged.
# The row of the account is updated, thereby locked, before the entry takes its number: along the numbers of
# one account the balances follow one another, and a page of a statement costs the same at any length.
# What somebody spends is taken from what expires first, reading no more lots than it takes from, in the order
# of their index: a card may hold thousands. Only debits that name an entry, or that may take points that
# still wait, have an order of their own and look at every open lot for it: what they reverse or come back for
# goes first, then what expires first. Points that wait are taken last, and only by what nobody chooses: goods
# that came back, points that are owed, two cards that become one. But a hold is captured from points that can
# be used: while one lives, those that only wait go first.
WRITE = """
CREATE FUNCTION loyalty_write(
    held loyalty_account, amount bigint, kind text, key uuid, shop bigint, cashier bigint,
    document text, note text, reverses bigint, expires timestamptz, moment timestamptz,
    usable timestamptz DEFAULT NULL, own bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    entry bigint;
    after bigint;
    ids bigint[] := '{}';
    parts bigint[] := '{}';
    wanted bigint := -amount;
    found record;
BEGIN
    UPDATE loyalty_account a SET balance = a.balance + amount WHERE a.id = held.id
    RETURNING a.balance INTO after;
    INSERT INTO loyalty_entry (merchant_id, account_id, amount, kind, key, shop_id, by_id,
                               document, note, reverses_id, created_at, balance_after)
    VALUES (held.merchant_id, held.id, amount, kind, key, shop, cashier, document, note, reverses, moment, after)
    RETURNING id INTO entry;

    IF amount > 0 AND reverses IS NULL THEN
        INSERT INTO loyalty_lot (merchant_id, account_id, entry_id, amount, remaining, expires_at, usable_from)
        VALUES (held.merchant_id, held.id, entry, amount, amount, expires, usable);
    ELSIF amount > 0 THEN
        -- a debit is reversed: every lot gets back exactly what the debit took from it
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, a.lot_id, a.amount FROM loyalty_allocation a WHERE a.entry_id = reverses;
        UPDATE loyalty_lot l SET remaining = l.remaining + a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    ELSIF coalesce(reverses, own) IS NULL AND kind IN ('spent', 'adjusted') THEN
        FOR found IN
            SELECT l.id, l.remaining FROM loyalty_lot l
            WHERE l.account_id = held.id AND l.remaining > 0
              AND (l.usable_from IS NULL OR l.usable_from <= moment)
            ORDER BY l.expires_at, l.id
        LOOP
            ids := ids || found.id;
            parts := parts || least(found.remaining, wanted);
            wanted := wanted - least(found.remaining, wanted);
            EXIT WHEN wanted = 0;
        END LOOP;
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, taken.id, taken.part FROM unnest(ids, parts) AS taken (id, part);
        UPDATE loyalty_lot l SET remaining = l.remaining - a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    ELSE
        -- a debit takes from the lot it reverses, then from the one that expires first
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, o.id, least(o.remaining, -amount - o.before)
        FROM (
            SELECT l.id, l.remaining,
                   sum(l.remaining) OVER (
                       ORDER BY coalesce(l.usable_from > moment, false) AND kind IN ('clawed', 'settled')
                                AND loyalty_kept(held.id, moment, NULL) > 0 DESC,
                            l.entry_id IS NOT DISTINCT FROM coalesce(reverses, own) DESC,
                            coalesce(l.usable_from > moment, false), l.expires_at NULLS LAST, l.id
                   ) - l.remaining AS before
            FROM loyalty_lot l WHERE l.account_id = held.id AND l.remaining > 0 AND (
                l.usable_from IS NULL OR l.usable_from <= moment OR l.entry_id = reverses
                OR kind IN ('clawed', 'settled', 'moved'))
        ) o WHERE o.before < -amount;
        UPDATE loyalty_lot l SET remaining = l.remaining - a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    END IF;
    RETURN entry;
END $$
"""

# What has expired leaves by an entry of its own, but for what a living hold keeps: it was promised in time.
LAPSE = """
CREATE FUNCTION loyalty_lapse(account bigint, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
    lapsed bigint;
BEGIN
    SELECT * INTO STRICT held FROM loyalty_account a WHERE a.id = account FOR NO KEY UPDATE;
    SELECT coalesce(sum(l.remaining), 0) INTO lapsed FROM loyalty_lot l
    WHERE l.account_id = account AND l.remaining > 0 AND l.expires_at <= moment;
    IF lapsed > 0 THEN
        lapsed := greatest(0, least(lapsed, held.balance - loyalty_held(account, moment, NULL)));
    END IF;
    IF lapsed > 0 THEN
        PERFORM loyalty_write(held, -lapsed, 'expired', gen_random_uuid(), NULL, NULL, '', '', NULL, NULL, moment);
    END IF;
    RETURN lapsed;
END $$
"""

# Points that are owed are paid off by the next that are credited.
SETTLE = """
CREATE FUNCTION loyalty_settle(
    card bigint, points loyalty_account, shop bigint, document text, moment timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    owed loyalty_account;
    paid bigint;
BEGIN
    SELECT a.* INTO owed FROM loyalty_account a
    WHERE a.card_id = card AND a.kind = 'debt' AND a.balance > 0 FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    paid := least(owed.balance, points.balance - loyalty_kept(points.id, moment, NULL));
    IF paid > 0 THEN
        PERFORM loyalty_write(points, -paid, 'settled', gen_random_uuid(), shop, NULL, document, '', NULL, NULL, moment);
        PERFORM loyalty_write(owed, -paid, 'settled', gen_random_uuid(), shop, NULL, document, '', NULL, NULL, moment);
    END IF;
    RETURN greatest(paid, 0);
END $$
"""

# Lock, replay check, rule, write. Of visits a debit takes those of its own pass and no others: of the entry
# that it names or reverses.
POST = """
CREATE FUNCTION loyalty_post(
    card bigint, value text, amount bigint, kind text, key uuid, shop bigint, cashier bigint,
    document text, note text, reverses bigint, expires timestamptz, moment timestamptz, hold bigint,
    usable timestamptz, own bigint DEFAULT NULL
) RETURNS TABLE (outcome text, account bigint, entry bigint, balance bigint) LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
    earlier bigint;
    kept bigint;
BEGIN
    held := loyalty_account_of(card, value);

    SELECT e.id INTO earlier FROM loyalty_entry e WHERE e.account_id = held.id AND e.key = loyalty_post.key;
    IF FOUND THEN
        RETURN QUERY SELECT 'replay', held.id, earlier, held.balance;
        RETURN;
    END IF;

    IF reverses IS NULL THEN
        PERFORM FROM loyalty_card c WHERE c.id = card AND c.state = 'active';
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'inactive', held.id, NULL::bigint, held.balance;
            RETURN;
        END IF;
    ELSIF EXISTS (SELECT FROM loyalty_entry e WHERE e.reverses_id = reverses) THEN
        RETURN QUERY SELECT 'reversed', held.id, NULL::bigint, held.balance;
        RETURN;
    END IF;

    IF hold IS NOT NULL THEN
        PERFORM FROM loyalty_hold h
        WHERE h.id = hold AND h.account_id = held.id AND h.captured_by_id IS NULL AND h.released_at IS NULL
          AND h.expires_at > moment AND h.amount >= -loyalty_post.amount;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'unheld', held.id, NULL::bigint, held.balance;
            RETURN;
        END IF;
    END IF;

    IF amount < 0 THEN
        held.balance := held.balance - loyalty_lapse(held.id, moment);
        kept := CASE WHEN kind = 'moved' THEN loyalty_kept(held.id, moment, hold)
            ELSE loyalty_held(held.id, moment, hold, reverses) END;
        IF value = 'visits' AND kind <> 'moved' THEN
            SELECT held.balance - coalesce(sum(l.remaining), 0) INTO kept FROM loyalty_lot l
            WHERE l.account_id = held.id AND l.entry_id = coalesce(own, reverses);
        END IF;
        IF held.balance - kept + amount < 0 THEN
            RETURN QUERY SELECT 'short', held.id, NULL::bigint,
                held.balance - kept;
            RETURN;
        END IF;
    END IF;

    earlier := loyalty_write(held, amount, kind, key, shop, cashier, document, note, reverses, expires, moment, usable, own);
    held.balance := held.balance + amount;
    IF hold IS NOT NULL THEN
        UPDATE loyalty_hold h SET captured_by_id = earlier WHERE h.id = hold;
    END IF;
    IF value = 'points' AND amount > 0 THEN
        held.balance := held.balance - loyalty_settle(card, held, shop, document, moment);
    END IF;
    UPDATE loyalty_card c SET last_used_at = moment WHERE c.id = card;
    RETURN QUERY SELECT 'written', held.id, earlier, held.balance;
END $$
"""

# A hold is asked for as a debit would be, and writes no entry.
HOLD = """
CREATE FUNCTION loyalty_keep(
    card bigint, value text, amount bigint, key uuid, document text, until timestamptz, moment timestamptz
) RETURNS TABLE (outcome text, hold bigint, balance bigint) LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
    earlier bigint;
    free bigint;
BEGIN
    held := loyalty_account_of(card, value);
    SELECT h.id INTO earlier FROM loyalty_hold h WHERE h.account_id = held.id AND h.key = loyalty_keep.key;
    IF FOUND THEN
        RETURN QUERY SELECT 'replay', earlier, held.balance;
        RETURN;
    END IF;
    PERFORM FROM loyalty_card c WHERE c.id = card AND c.state = 'active';
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'inactive', NULL::bigint, held.balance;
        RETURN;
    END IF;
    free := held.balance - loyalty_lapse(held.id, moment) - loyalty_held(held.id, moment, NULL);
    IF free < amount THEN
        RETURN QUERY SELECT 'short', NULL::bigint, free;
        RETURN;
    END IF;
    INSERT INTO loyalty_hold (merchant_id, account_id, amount, key, document, expires_at, created_at)
    VALUES (held.merchant_id, held.id, amount, key, document, until, moment) RETURNING id INTO earlier;
    RETURN QUERY SELECT 'written', earlier, free - amount;
END $$
"""

# Points are taken back whatever has become of them: what the card no longer has, it owes.
CLAW = """
CREATE FUNCTION loyalty_claw(
    card bigint, amount bigint, key uuid, shop bigint, cashier bigint, document text, note text,
    moment timestamptz, own bigint
) RETURNS TABLE (outcome text, taken bigint, owed bigint) LANGUAGE plpgsql AS $$
DECLARE
    points loyalty_account;
    debt loyalty_account;
BEGIN
    points := loyalty_account_of(card, 'points');
    debt := loyalty_account_of(card, 'debt');
    SELECT coalesce(-sum(e.amount) FILTER (WHERE e.account_id = points.id), 0),
           coalesce(sum(e.amount) FILTER (WHERE e.account_id = debt.id), 0)
    INTO taken, owed FROM loyalty_entry e
    WHERE e.account_id IN (points.id, debt.id) AND e.key = loyalty_claw.key;
    IF taken + owed > 0 THEN
        RETURN QUERY SELECT 'replay', taken, owed;
        RETURN;
    END IF;
    points.balance := points.balance - loyalty_lapse(points.id, moment);
    taken := least(amount, points.balance - loyalty_kept(points.id, moment, NULL));
    owed := amount - taken;
    IF taken > 0 THEN
        PERFORM loyalty_write(points, -taken, 'clawed', key, shop, cashier, document, note, NULL, NULL, moment, NULL, own);
    END IF;
    IF owed > 0 THEN
        PERFORM loyalty_write(debt, owed, 'clawed', key, shop, cashier, document, note, NULL, NULL, moment);
    END IF;
    RETURN QUERY SELECT 'written', taken, owed;
END $$
"""

# A bill is paid from principal and bonus in one step, in the order that the terms state.
PAY = """
CREATE FUNCTION loyalty_pay(
    card bigint, amount bigint, key uuid, shop bigint, cashier bigint, document text, note text,
    moment timestamptz, spends text
) RETURNS TABLE (outcome text, principal bigint, bonus bigint, balance bigint) LANGUAGE plpgsql AS $$
DECLARE
    own loyalty_account;
    extra loyalty_account;
    own_free bigint;
    extra_free bigint;
    part bigint;
BEGIN
    own := loyalty_account_of(card, 'principal');
    extra := loyalty_account_of(card, 'bonus');
    SELECT max(e.id) FILTER (WHERE e.account_id = own.id), max(e.id) FILTER (WHERE e.account_id = extra.id)
    INTO principal, bonus FROM loyalty_entry e
    WHERE e.account_id IN (own.id, extra.id) AND e.key = loyalty_pay.key;
    IF principal IS NOT NULL OR bonus IS NOT NULL THEN
        RETURN QUERY SELECT 'replay', principal, bonus, own.balance + extra.balance;
        RETURN;
    END IF;
    PERFORM FROM loyalty_card c WHERE c.id = card AND c.state = 'active';
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'inactive', principal, bonus, own.balance + extra.balance;
        RETURN;
    END IF;
    own.balance := own.balance - loyalty_lapse(own.id, moment);
    extra.balance := extra.balance - loyalty_lapse(extra.id, moment);
    own_free := own.balance - loyalty_held(own.id, moment, NULL);
    extra_free := extra.balance - loyalty_held(extra.id, moment, NULL);
    IF own_free + extra_free < amount THEN
        RETURN QUERY SELECT 'short', principal, bonus, own_free + extra_free;
        RETURN;
    END IF;
    part := CASE spends
        WHEN 'principal' THEN least(own_free, amount)
        WHEN 'bonus' THEN amount - least(extra_free, amount)
        -- by their shares; the half of the smallest unit counts as one
        ELSE (2 * amount * own_free + own_free + extra_free) / (2 * (own_free + extra_free))
    END;
    part := greatest(part, amount - extra_free);
    IF part > 0 THEN
        principal := loyalty_write(own, -part, 'spent', key, shop, cashier, document, note, NULL, NULL, moment);
    END IF;
    IF amount > part THEN
        bonus := loyalty_write(extra, part - amount, 'spent', key, shop, cashier, document, note, NULL, NULL, moment);
    END IF;
    UPDATE loyalty_card c SET last_used_at = moment WHERE c.id = card;
    RETURN QUERY SELECT 'written', principal, bonus, own.balance + extra.balance - amount;
END $$
"""


class Migration(migrations.Migration):
    replaces = [("loyalty", "0006_stored_value")]
    dependencies = [("loyalty", "0005_walls")]
    operations = [
        function(ACCOUNT),
        function(KEPT),
        function(HELD),
        function(WRITE),
        function(LAPSE),
        function(SETTLE),
        function(POST),
        function(HOLD),
        function(CLAW),
        function(PAY),
    ]
