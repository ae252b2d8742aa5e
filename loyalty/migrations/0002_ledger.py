"""The ledger's function, and the walls that keep a card's rows in the card's own merchant."""

from typing import ClassVar

from django.db import migrations

# Writes one entry with what belongs to it. The caller holds the account's row and has judged.
WRITE = """
CREATE FUNCTION loyalty_write(
    held loyalty_account, amount bigint, kind text, key uuid, shop bigint, cashier bigint,
    document text, note text, reverses bigint, expires timestamptz, moment timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    entry bigint;
BEGIN
    UPDATE loyalty_account a SET balance = a.balance + amount WHERE a.id = held.id;
    INSERT INTO loyalty_entry (merchant_id, account_id, amount, kind, key, shop_id, by_id,
                               document, note, reverses_id, created_at)
    VALUES (held.merchant_id, held.id, amount, kind, key, shop, cashier, document, note, reverses, moment)
    RETURNING id INTO entry;

    IF amount > 0 AND reverses IS NULL THEN
        INSERT INTO loyalty_lot (merchant_id, account_id, entry_id, amount, remaining, expires_at)
        VALUES (held.merchant_id, held.id, entry, amount, amount, expires);
    ELSIF amount > 0 THEN
        -- a debit is reversed: every lot gets back exactly what the debit took from it
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, a.lot_id, a.amount FROM loyalty_allocation a WHERE a.entry_id = reverses;
        UPDATE loyalty_lot l SET remaining = l.remaining + a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    ELSE
        -- a debit takes from the lot it reverses, then from the one that expires first
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, o.id, least(o.remaining, -amount - o.before)
        FROM (
            SELECT l.id, l.remaining,
                   sum(l.remaining) OVER (
                       ORDER BY l.entry_id IS NOT DISTINCT FROM reverses DESC, l.expires_at NULLS LAST, l.id
                   ) - l.remaining AS before
            FROM loyalty_lot l WHERE l.account_id = held.id AND l.remaining > 0
        ) o WHERE o.before < -amount;
        UPDATE loyalty_lot l SET remaining = l.remaining - a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    END IF;
    RETURN entry;
END $$
"""

# What has expired leaves by an entry of its own; those lots come first in the order of spending.
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
        PERFORM loyalty_write(held, -lapsed, 'expired', gen_random_uuid(), NULL, NULL, '', '', NULL, NULL, moment);
    END IF;
    RETURN lapsed;
END $$
"""

# Lock, replay check, rule, write. The account is the row everybody of one card queues at.
POST = """
CREATE FUNCTION loyalty_post(
    card bigint, value text, amount bigint, kind text, key uuid, shop bigint, cashier bigint,
    document text, note text, reverses bigint, expires timestamptz, moment timestamptz
) RETURNS TABLE (outcome text, account bigint, entry bigint, balance bigint) LANGUAGE plpgsql AS $$
DECLARE
    held loyalty_account;
    earlier bigint;
BEGIN
    SELECT a.* INTO STRICT held FROM loyalty_account a
    WHERE a.card_id = card AND a.kind = value FOR NO KEY UPDATE;

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

    IF amount < 0 THEN
        held.balance := held.balance - loyalty_lapse(held.id, moment);
        IF held.balance + amount < 0 THEN
            RETURN QUERY SELECT 'short', held.id, NULL::bigint, held.balance;
            RETURN;
        END IF;
    END IF;

    earlier := loyalty_write(held, amount, kind, key, shop, cashier, document, note, reverses, expires, moment);
    UPDATE loyalty_card c SET last_used_at = moment WHERE c.id = card;
    RETURN QUERY SELECT 'written', held.id, earlier, held.balance + amount;
END $$
"""


def wall(table: str, name: str, columns: str, parent: str) -> migrations.RunSQL:
    """A foreign key that carries the tenant, in place of the plain one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {parent} (merchant_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0001_initial")]

    operations: ClassVar = [
        wall("loyalty_account", "account_stays_with_its_card", "merchant_id, card_id", "loyalty_card"),
        wall("loyalty_entry", "entry_stays_with_its_account", "merchant_id, account_id", "loyalty_account"),
        wall("loyalty_lot", "lot_stays_with_its_account", "merchant_id, account_id", "loyalty_account"),
        migrations.RunSQL(WRITE, "DROP FUNCTION loyalty_write"),
        migrations.RunSQL(LAPSE, "DROP FUNCTION loyalty_lapse"),
        migrations.RunSQL(POST, "DROP FUNCTION loyalty_post"),
    ]
