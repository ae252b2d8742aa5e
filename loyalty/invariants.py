"""What the ledger promises at all times."""

from django.utils.translation import gettext_lazy as _

from loyalty import level_invariants, pass_invariants  # noqa: F401 - they register on import
from portal.kernel.invariants import invariant


@invariant("I122", _("points that wait are used by nobody before their day"))
def waiting_points_wait() -> str:
    """Goods that came back, points that are owed and the merging of two cards may take them."""
    return """
        SELECT e.id FROM loyalty_allocation a
        JOIN loyalty_lot l ON l.id = a.lot_id JOIN loyalty_entry e ON e.id = a.entry_id
        WHERE l.usable_from IS NOT NULL AND e.amount < 0 AND e.created_at < l.usable_from
          AND e.kind NOT IN ('clawed', 'settled', 'moved') AND e.reverses_id IS DISTINCT FROM l.entry_id
    """


@invariant("I02", _("every balance is the sum of its entries"))
def balances() -> str:
    return """
        SELECT a.id FROM loyalty_account a
        LEFT JOIN loyalty_entry e ON e.account_id = a.id
        GROUP BY a.id, a.balance HAVING a.balance <> coalesce(sum(e.amount), 0)
    """


@invariant("I75", _("every entry says the balance that it left"))
def balances_after() -> str:
    """Each goes on from the one before it; I02 holds their sum against the account."""
    return """
        SELECT s.id FROM (
            SELECT e.id, e.amount, e.balance_after,
                   lag(e.balance_after, 1, 0::bigint) OVER (PARTITION BY e.account_id ORDER BY e.id) AS before
            FROM loyalty_entry e
        ) s WHERE s.balance_after <> s.before + s.amount
    """


@invariant("I03", _("no balance is below zero"))
def overdrawn() -> str:
    return "SELECT id FROM loyalty_account WHERE balance < 0"


@invariant("I06", _("an entry is taken back at most once, and exactly"))
def reversals() -> str:
    return """
        SELECT r.id FROM loyalty_entry r JOIN loyalty_entry e ON e.id = r.reverses_id
        WHERE r.amount <> -e.amount OR r.account_id <> e.account_id OR e.reverses_id IS NOT NULL
           OR (SELECT count(*) FROM loyalty_entry x WHERE x.reverses_id = e.id) > 1
    """


@invariant("I08", _("points earned and spent name the shop where it happened"))
def placed() -> str:
    return "SELECT id FROM loyalty_entry WHERE kind IN ('earned', 'spent') AND shop_id IS NULL"


@invariant("I41", _("what is left in the lots is the balance"))
def lots_make_the_balance() -> str:
    return """
        SELECT a.id FROM loyalty_account a
        LEFT JOIN loyalty_lot l ON l.account_id = a.id
        GROUP BY a.id, a.balance HAVING a.balance <> coalesce(sum(l.remaining), 0)
    """


@invariant("I42", _("a lot has left what was put in, less what was taken, plus what was given back"))
def lots_add_up() -> str:
    return """
        SELECT l.id FROM loyalty_lot l JOIN loyalty_entry born ON born.id = l.entry_id
        LEFT JOIN loyalty_allocation a ON a.lot_id = l.id
        LEFT JOIN loyalty_entry e ON e.id = a.entry_id
        GROUP BY l.id, l.amount, l.remaining, born.amount
        HAVING l.amount <> born.amount
            OR l.remaining <> l.amount + coalesce(sum(sign(e.amount) * a.amount), 0)
    """


@invariant("I43", _("every entry is backed by lots to the last point"))
def entries_are_backed() -> str:
    return """
        SELECT e.id FROM loyalty_entry e
        LEFT JOIN loyalty_lot l ON l.entry_id = e.id
        LEFT JOIN loyalty_allocation a ON a.entry_id = e.id
        GROUP BY e.id, e.amount, l.amount
        HAVING abs(e.amount) <> coalesce(l.amount, 0) + coalesce(sum(a.amount), 0)
    """


@invariant("I70", _("what is held is there"))
def holds_are_backed() -> str:
    return """
        SELECT h.account_id FROM loyalty_hold h JOIN loyalty_account a ON a.id = h.account_id
        WHERE h.captured_by_id IS NULL AND h.released_at IS NULL AND h.expires_at > now()
        GROUP BY h.account_id, a.balance HAVING sum(h.amount) > a.balance
    """


@invariant("I71", _("what was captured was held, on the same account and not less"))
def captures_were_held() -> str:
    return """
        SELECT h.id FROM loyalty_hold h JOIN loyalty_entry e ON e.id = h.captured_by_id
        WHERE e.account_id <> h.account_id OR -e.amount > h.amount OR e.amount >= 0
    """


@invariant("I101", _("a printed card or pass can be scanned until it is revoked, and never after"))
def media_are_scanned_while_they_are_good() -> str:
    return """
        SELECT m.id FROM loyalty_cardmedium m
        LEFT JOIN kernel_code c ON c.token = m.token AND c.kind = 'medium' AND c.ref = m.id
        WHERE (m.state = 'revoked') <> (c.token IS NULL)
    """


@invariant("I102", _("no number stands on two cards"))
def numbers_are_of_one_card() -> str:
    return """
        SELECT m.id FROM loyalty_cardmedium m
        WHERE EXISTS (SELECT FROM loyalty_card c WHERE c.number = m.number)
           OR EXISTS (SELECT FROM loyalty_retiredcode r WHERE r.number = m.number)
    """


@invariant("I103", _("what cards show is a version of their merchant's design"))
def looks_were_designed() -> str:
    return """
        SELECT l.id FROM loyalty_cardlook l
        WHERE NOT EXISTS (
            SELECT FROM loyalty_designversion v WHERE v.merchant_id = l.merchant_id AND v.number = l.version
        )
    """


@invariant("I44", _("every card has an account for points"))
def cards_have_accounts() -> str:
    return """
        SELECT c.id FROM loyalty_card c
        WHERE NOT EXISTS (SELECT FROM loyalty_account a WHERE a.card_id = c.id AND a.kind = 'points')
    """


@invariant("I72", _("a top-up and its entries say the same, undone or not"))
def top_ups_stand_in_the_ledger() -> str:
    return """
        SELECT t.id FROM loyalty_topup t
        JOIN loyalty_entry p ON p.id = t.principal_entry_id
        LEFT JOIN loyalty_entry b ON b.id = t.bonus_entry_id
        WHERE p.amount <> t.paid OR coalesce(b.amount, 0) <> t.bonus
           OR (t.undone_at IS NOT NULL) <> EXISTS (SELECT FROM loyalty_entry r WHERE r.reverses_id = p.id)
           OR (t.undone_at IS NOT NULL AND b.id IS NOT NULL)
              <> EXISTS (SELECT FROM loyalty_entry r WHERE r.reverses_id = b.id)
    """


@invariant("I73", _("what was refunded left the card, to the last cent"))
def refunds_left_the_card() -> str:
    return """
        SELECT r.id FROM loyalty_refund r
        LEFT JOIN loyalty_account a ON a.card_id = r.card_id AND a.kind IN ('principal', 'bonus')
        LEFT JOIN loyalty_entry e ON e.account_id = a.id AND e.key = r.key
        WHERE r.visit_pass_id IS NULL
        GROUP BY r.id HAVING r.left_principal + r.left_bonus <> -coalesce(sum(e.amount), 0)
    """


@invariant("I04", _("money on cards is what was paid in and given, less what was used, refunded and expired"))
def money_is_conserved() -> str:
    """Control totals per merchant, from the papers of either side: receipts and refunds against balances."""
    return """
        SELECT a.merchant_id FROM loyalty_account a JOIN loyalty_entry e ON e.account_id = a.id
        WHERE a.kind IN ('principal', 'bonus') AND e.kind IN ('topped_up', 'granted')
        GROUP BY a.merchant_id
        HAVING sum(e.amount) <> (
            SELECT coalesce(sum(t.paid + t.bonus), 0) FROM loyalty_topup t WHERE t.merchant_id = a.merchant_id
        )
    """


@invariant("I90", _("an approval is used at most once, for its amount and in time"))
def approvals_used() -> str:
    return """
        SELECT a.id FROM loyalty_approval a
        WHERE a.used_at IS NOT NULL AND (
            a.approved_at IS NULL OR a.declined_at IS NOT NULL OR a.used_at >= a.good_until
            OR a.used_amount > a.amount OR (a.is_exact AND a.used_amount <> a.amount)
            OR (SELECT count(*) FROM loyalty_approval x
                WHERE x.card_id = a.card_id AND x.value = a.value AND x.used_key = a.used_key) > 1)
    """


@invariant("I91", _("an approval was given by a PIN that was set before, unless a phone showed its code"))
def approvals_given() -> str:
    return """
        SELECT a.id FROM loyalty_approval a
        WHERE a.way IN ('phone', 'screen') AND NOT EXISTS (
            SELECT FROM loyalty_pinchange c WHERE c.card_id = a.card_id AND c.changed_at <= a.approved_at)
    """


@invariant("I92", _("nobody took payment from a card of their own"))
def approvals_of_others() -> str:
    return """
        SELECT a.id FROM loyalty_approval a
        JOIN loyalty_card c ON c.id = a.card_id JOIN merchants_customer p ON p.id = c.customer_id
        WHERE a.used_by_id = p.user_id
    """


@invariant("I93", _("no PIN stays open after five wrong tries in a row or ten in a day"))
def pins_locked() -> str:
    return """
        SELECT p.id FROM loyalty_pin p
        WHERE p.wrong >= 5 OR (p.shut_at IS NULL AND (
            SELECT count(*) FROM loyalty_pintry t
            WHERE t.pin_id = p.id AND NOT t.is_right AND t.tried_at > p.set_at
              AND t.tried_at > now() - interval '1 day') >= 10)
    """


@invariant("I94", _("every payment agreed to by a shown code has used up one code of that card"))
def codes_used() -> str:
    return """
        SELECT a.id FROM loyalty_approval a
        WHERE a.way = 'code' AND (a.value <> 'points' OR 1 <> (
            SELECT count(*) FROM loyalty_usedcode u JOIN loyalty_cardkey k ON k.id = u.card_key_id
            WHERE u.key = a.key AND k.card_id = a.card_id))
    """
