"""What visit passes promise at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant("I142", _("the money of a pass is earned by its visits, paid back or still owed"))
def passes_earn_by_visits() -> str:
    return """
        SELECT p.id FROM loyalty_visitpass p
        LEFT JOIN (
            SELECT v.visit_pass_id, sum(v.worth) AS worth FROM loyalty_passvisit v
            WHERE NOT EXISTS (SELECT FROM loyalty_entry r WHERE r.reverses_id = v.entry_id)
            GROUP BY v.visit_pass_id
        ) used ON used.visit_pass_id = p.id
        LEFT JOIN (
            SELECT visit_pass_id, sum(amount) AS amount FROM loyalty_refund GROUP BY visit_pass_id
        ) back ON back.visit_pass_id = p.id
        WHERE p.unearned <> CASE WHEN p.undone_at IS NOT NULL THEN 0
            ELSE p.paid - coalesce(used.worth, 0) - coalesce(back.amount, 0) END
    """


@invariant("I143", _("every visit that lies on a card is one of a pass on that card"))
def visits_belong_to_passes() -> str:
    return """
        SELECT l.id FROM loyalty_lot l JOIN loyalty_account a ON a.id = l.account_id
        LEFT JOIN loyalty_visitpass p ON p.lot_id = l.id AND p.card_id = a.card_id
        WHERE a.kind = 'visits' AND l.remaining > 0
          AND (p.id IS NULL OR l.remaining > p.visits OR p.undone_at IS NOT NULL)
    """


@invariant("I144", _("a visit was taken off its own pass and no other"))
def visits_come_off_their_pass() -> str:
    """A pass that went to another card with its visits has a lot of its own there; before that, its first."""
    return """
        SELECT v.id FROM loyalty_passvisit v
        JOIN loyalty_visitpass p ON p.id = v.visit_pass_id JOIN loyalty_entry e ON e.id = v.entry_id
        JOIN loyalty_allocation a ON a.entry_id = e.id JOIN loyalty_lot l ON l.id = a.lot_id
        JOIN loyalty_entry born ON born.id = l.entry_id
        WHERE e.amount <> -v.visits
           OR (l.id <> p.lot_id AND born.kind <> 'moved' AND born.document <> 'pass:' || p.token)
    """


@invariant("I145", _("a pass that was refunded has given up the visits that its refund names"))
def refunded_passes_are_empty() -> str:
    return """
        SELECT r.id FROM loyalty_refund r
        LEFT JOIN loyalty_account a ON a.card_id = r.card_id AND a.kind = 'visits'
        LEFT JOIN loyalty_entry e ON e.account_id = a.id AND e.key = r.key
        WHERE r.visit_pass_id IS NOT NULL AND r.visits <> -coalesce(e.amount, 0)
    """
