"""What levels, rewards and stamps promise at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant(
    "I22",
    _("every card stands at the level its purchases earn, or at one it was moved to and still may keep"),
)
def levels_agree() -> str:
    return """
        WITH due AS (
            SELECT c.id AS card, r.programme_id, (
                SELECT max(l.rank) FROM loyalty_level l
                WHERE l.programme_id = r.programme_id AND l.is_on AND l.threshold <= loyalty_reached(
                    c.id, r.metric, loyalty_window_opens(r."window", r.months, now(), r.time_zone),
                    clock_timestamp())
            ) AS rank
            FROM loyalty_levelrule r JOIN loyalty_card c ON c.programme_id = r.programme_id
        ), last AS (
            SELECT DISTINCT ON (card_id) card_id, now_id, kind FROM loyalty_levelmove
            ORDER BY card_id, id DESC
        )
        SELECT due.card FROM due
        LEFT JOIN loyalty_standing s ON s.card_id = due.card
        LEFT JOIN loyalty_level l ON l.id = s.level_id
        LEFT JOIN loyalty_level base ON base.programme_id = due.programme_id AND base.rank = 0
        LEFT JOIN last ON last.card_id = due.card
        WHERE due.rank > coalesce(l.rank, 0)
           OR coalesce(s.level_id, base.id) <> coalesce(last.now_id, base.id)
           OR (s.ground = 'granted' AND (last.kind <> 'granted' OR s.until < current_date - 2))
    """


@invariant("I80", _("a card’s moves of level follow one upon the other"))
def moves_follow() -> str:
    return """
        SELECT m.id FROM (
            SELECT id, was_id, lag(now_id) OVER (PARTITION BY card_id ORDER BY id) AS came_from
            FROM loyalty_levelmove
        ) m WHERE m.came_from <> m.was_id
    """


@invariant("I83", _("what is left of a reward is what there was less what was given"))
def rewards_add_up() -> str:
    return """
        SELECT r.id FROM loyalty_reward r
        LEFT JOIN loyalty_rewardvoucher v ON v.reward_id = r.id AND v.state <> 'returned'
        GROUP BY r.id, r.stock, r.left HAVING r.stock - r.left <> count(v.id)
    """


@invariant("I84", _("stamps given are held, or were turned into a free one"))
def stamps_add_up() -> str:
    return """
        SELECT c.id FROM loyalty_stampcard c
        WHERE c.held <> coalesce((SELECT sum(s.count) FROM loyalty_stamp s WHERE s.stamp_card_id = c.id), 0)
            - coalesce((
                SELECT sum(v.stamps) FROM loyalty_rewardvoucher v
                WHERE v.stamp_card_id = c.id AND v.state <> 'returned'
            ), 0)
    """


@invariant(
    "I85", _("a voucher for points took them from its card, and one that was taken back gave them back")
)
def vouchers_are_paid() -> str:
    return """
        SELECT v.id FROM loyalty_rewardvoucher v
        JOIN loyalty_entry e ON e.id = v.entry_id JOIN loyalty_account a ON a.id = e.account_id
        LEFT JOIN loyalty_entry back ON back.reverses_id = e.id
        WHERE e.amount >= 0 OR a.merchant_id <> v.merchant_id
           OR (back.id IS NOT NULL) <> (v.state = 'returned')
    """
