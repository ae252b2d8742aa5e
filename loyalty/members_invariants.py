"""What imports and merges of members promise at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant("I60", _("what an import brought stands in the ledger to the point"))
def imports_stand() -> str:
    return """
        SELECT b.id FROM loyalty_memberimport b
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(r.points + r.principal + r.bonus), 0) AS said, count(r.id) AS rows,
                   count(r.card_id) AS cards
            FROM loyalty_importrow r WHERE r.batch_id = b.id AND r.state <> 'waiting') file
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(e.amount), 0) AS said FROM loyalty_entry e
            WHERE e.account_id IN (
                SELECT a.id FROM loyalty_account a JOIN loyalty_importrow r ON r.card_id = a.card_id
                WHERE r.batch_id = b.id)
              AND e.kind = 'opening' AND e.document = 'import:' || b.id) ledger
        WHERE file.said <> ledger.said OR file.rows <> file.cards
    """


@invariant("I61", _("a card is opened from an old list once for each kind of value"))
def opened_once() -> str:
    return """
        SELECT e.account_id FROM loyalty_entry e
        WHERE e.kind = 'opening' AND NOT EXISTS (SELECT FROM loyalty_entry r WHERE r.reverses_id = e.id)
        GROUP BY e.account_id HAVING count(*) > 1
    """


@invariant("I64", _("a level that came from an old list stands in its card’s history"))
def brought_levels_have_their_move() -> str:
    return """
        SELECT r.id FROM loyalty_importrow r WHERE r.stood IS NOT NULL AND NOT EXISTS (
            SELECT FROM loyalty_levelmove m JOIN loyalty_level l ON l.id = m.now_id
            WHERE m.card_id = r.card_id AND m.kind = 'granted' AND l.rank = r.rank
              AND m.was_id = (r.stood ->> 'level')::bigint)
    """


@invariant("I62", _("what goes from card to card goes out and in alike"))
def moves_even_out() -> str:
    return """
        SELECT min(e.id) FROM loyalty_entry e JOIN loyalty_account a ON a.id = e.account_id
        WHERE e.kind = 'moved' GROUP BY e.merchant_id, a.kind, e.document HAVING sum(e.amount) <> 0
    """


@invariant("I63", _("a card that was merged away is closed and holds nothing"))
def merged_cards_are_empty() -> str:
    return """
        SELECT m.gone_id FROM loyalty_cardmerge m JOIN loyalty_card c ON c.id = m.gone_id
        LEFT JOIN loyalty_account a ON a.card_id = c.id
        GROUP BY m.gone_id, c.state HAVING c.state <> 'closed' OR sum(a.balance) <> 0
    """
