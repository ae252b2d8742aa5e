"""The ledger's functions know several kinds of value, what is held, and points that are owed."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

first = import_module("loyalty.migrations.0002_ledger")

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

# What living holds keep from every other debit.
HELD = """
CREATE FUNCTION loyalty_held(account bigint, moment timestamptz, but bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(h.amount), 0)::bigint FROM loyalty_hold h
    WHERE h.account_id = account AND h.captured_by_id IS NULL AND h.released_at IS NULL
      AND h.expires_at > moment AND h.id IS DISTINCT FROM but
$$
"""

# What has expired leaves by an entry of its own, but for what a living hold keeps: it was promised in time.
LAPSE = """
CREATE OR REPLACE FUNCTION loyalty_lapse(account bigint, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
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
    paid := least(owed.balance, points.balance - loyalty_held(points.id, moment, NULL));
    IF paid > 0 THEN
        PERFORM loyalty_write(points, -paid, 'settled', gen_random_uuid(), shop, NULL, document, '', NULL, NULL, moment);
        PERFORM loyalty_write(owed, -paid, 'settled', gen_random_uuid(), shop, NULL, document, '', NULL, NULL, moment);
    END IF;
    RETURN greatest(paid, 0);
END $$
"""

# Lock, replay check, rule, write.
POST = """
CREATE FUNCTION loyalty_post(
    card bigint, value text, amount bigint, kind text, key uuid, shop bigint, cashier bigint,
    document text, note text, reverses bigint, expires timestamptz, moment timestamptz, hold bigint
) RETURNS TABLE (outcome text, account bigint, entry bigint, balance bigint) LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
    earlier bigint;
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
        IF held.balance - loyalty_held(held.id, moment, hold) + amount < 0 THEN
            RETURN QUERY SELECT 'short', held.id, NULL::bigint,
                held.balance - loyalty_held(held.id, moment, hold);
            RETURN;
        END IF;
    END IF;

    earlier := loyalty_write(held, amount, kind, key, shop, cashier, document, note, reverses, expires, moment);
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
    moment timestamptz
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
    taken := least(amount, points.balance - loyalty_held(points.id, moment, NULL));
    owed := amount - taken;
    IF taken > 0 THEN
        PERFORM loyalty_write(points, -taken, 'clawed', key, shop, cashier, document, note, NULL, NULL, moment);
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

ARGUMENTS = "bigint, text, bigint, text, uuid, bigint, bigint, text, text, bigint, timestamptz, timestamptz"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0004_kinds_and_holds")]

    operations: ClassVar = [
        migrations.RunSQL(ACCOUNT, "DROP FUNCTION loyalty_account_of"),
        migrations.RunSQL(HELD, "DROP FUNCTION loyalty_held"),
        migrations.RunSQL(LAPSE, first.LAPSE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(SETTLE, "DROP FUNCTION loyalty_settle"),
        migrations.RunSQL(f"DROP FUNCTION loyalty_post({ARGUMENTS})", first.POST),
        migrations.RunSQL(POST, f"DROP FUNCTION loyalty_post({ARGUMENTS}, bigint)"),
        migrations.RunSQL(HOLD, "DROP FUNCTION loyalty_keep"),
        migrations.RunSQL(CLAW, "DROP FUNCTION loyalty_claw"),
        migrations.RunSQL(PAY, "DROP FUNCTION loyalty_pay"),
        first.wall(
            "loyalty_hold", "hold_stays_with_its_account", "merchant_id, account_id", "loyalty_account"
        ),
    ]
