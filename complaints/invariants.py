"""What must hold of complaints at all times."""

from django.utils.translation import gettext_lazy as _

from complaints.models.survey import LOW
from complaints.states import OPEN_STATES, moves_by_role_as_sql
from portal.kernel.invariants import invariant

_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)


@invariant("I25", _("every open complaint has a promise that lies after its filing"))
def open_complaints_are_promised() -> str:
    return f"""
        SELECT id FROM complaints_complaint
        WHERE state IN ({_OPEN}) AND (due_at IS NULL OR due_at <= filed_at OR ended_at IS NOT NULL)
    """  # noqa: S608 - states of ours


@invariant("I25-clocks", _("an open complaint is due when the next of its clocks is; an ended one has none"))
def open_complaints_have_clocks() -> str:
    return f"""
        SELECT c.id FROM complaints_complaint c
        LEFT JOIN complaints_clock k ON k.complaint_id = c.id AND k.ended_at IS NULL
        GROUP BY c.id
        HAVING c.state IN ({_OPEN})
               AND c.due_at IS DISTINCT FROM min(k.due_at) FILTER (WHERE k.paused_at IS NULL)
            OR c.state NOT IN ({_OPEN}) AND count(k.id) > 0
    """  # noqa: S608 - states of ours


@invariant("I26", _("who misses a deadline was warned first, and nothing goes up after its end"))
def missed_deadlines_went_up() -> str:
    return """
        SELECT k.id FROM complaints_clock k
        WHERE k.raised_at < k.warned_at OR k.raised_at IS NOT NULL AND k.warned_at IS NULL
           OR k.raised_at > k.ended_at OR k.warned_at < k.started_at
    """


@invariant("I27", _("every closed complaint says how it ended, and the person was told"))
def closed_complaints_are_explained() -> str:
    return """
        SELECT c.id FROM complaints_complaint c
        JOIN LATERAL (
            SELECT id, why, by_id FROM complaints_step s WHERE s.complaint_id = c.id ORDER BY id DESC LIMIT 1
        ) AS last ON true
        WHERE c.state = 'closed'
          AND (trim(last.why) = '' OR last.by_id IS DISTINCT FROM c.person_id AND NOT EXISTS (
            SELECT 1 FROM messaging_message m
            WHERE m.person_id = c.person_id AND m.kind = 'complaints.closed'
              AND m.occurrence = 'complaint:' || c.id || ':step:' || last.id
        ))
    """


@invariant("I28", _("the steps of a complaint follow each other, are allowed, and end where it stands"))
def steps_lead_to_the_state() -> str:
    return f"""
        SELECT c.id FROM complaints_complaint c
        LEFT JOIN (
            SELECT complaint_id, before, after, role,
                   lag(after, 1, '') OVER (PARTITION BY complaint_id ORDER BY id) AS stood,
                   lead(id) OVER (PARTITION BY complaint_id ORDER BY id) IS NULL AS is_last
            FROM complaints_step
        ) AS s ON s.complaint_id = c.id
        GROUP BY c.id, c.state
        HAVING count(s.after) = 0
            OR bool_or(s.before <> s.stood)
            OR bool_or(s.before <> '' AND s.role <> ''
                       AND (s.before, s.after, s.role) NOT IN ({moves_by_role_as_sql()}))
            OR max(s.after) FILTER (WHERE s.is_last) <> c.state
    """  # noqa: S608 - states of ours


@invariant("I26-levels", _("a complaint stands at the highest level that it was taken up to"))
def levels_are_explained() -> str:
    return """
        SELECT c.id FROM complaints_complaint c
        WHERE c.level <> coalesce(
            (SELECT max(e.level) FROM complaints_escalation e WHERE e.complaint_id = c.id), 0)
    """


@invariant("I09-complaints", _("a complaint’s merchant and purchase belong to its shop"))
def complaints_stay_with_their_shop() -> str:
    return """
        SELECT c.id FROM complaints_complaint c
        JOIN merchants_shop s ON s.id = c.shop_id
        LEFT JOIN orders_purchase p ON p.id = c.purchase_id
        WHERE c.merchant_id IS NOT NULL AND c.merchant_id IS DISTINCT FROM s.merchant_id
           OR p.id IS NOT NULL AND p.shop_id <> c.shop_id
    """


@invariant("I28-remedies", _("a remedy that was done made what it says, at its merchant and for its amount"))
def remedies_made_what_they_say() -> str:
    return """
        SELECT m.id FROM complaints_remedy m
        JOIN complaints_complaint c ON c.id = m.complaint_id
        LEFT JOIN complaints_reply r ON r.id = m.reply_id
        LEFT JOIN loyalty_entry e ON e.id = m.entry_id
        LEFT JOIN coupons_coupon k ON k.id = m.coupon_id
        LEFT JOIN orders_return b ON b.id = m.returned_id
        WHERE m.state = 'executed' AND NOT CASE m.kind
            WHEN 'apology' THEN coalesce(r.complaint_id = c.id AND r.said = m.says, false)
            WHEN 'points' THEN coalesce(
                e.merchant_id = m.merchant_id AND e.amount = m.points AND e.key = m.key, false)
            WHEN 'coupon' THEN coalesce(
                k.merchant_id = m.merchant_id AND k.programme_id = m.programme_id, false)
            WHEN 'refund' THEN m.line_id IS NULL OR coalesce(
                b.merchant_id = m.merchant_id AND b.amount = m.worth AND b.line_id = m.line_id, false)
            ELSE m.proof <> '' END
    """


@invariant("I28-owed", _("no solved or closed case owes a remedy, and what is owed was decided by who may"))
def ended_cases_owe_nothing() -> str:
    return """
        SELECT m.id FROM complaints_remedy m JOIN complaints_complaint c ON c.id = m.complaint_id
        WHERE m.state = 'promised' AND c.state IN ('resolved', 'silent', 'closed')
           OR m.state IN ('promised', 'executed')
              AND (m.approved_by_id = m.proposed_by_id OR c.person_id IN
                   (m.proposed_by_id, coalesce(m.approved_by_id, 0), coalesce(m.agreed_by_id, 0)))
    """


@invariant("I28-effects", _("a preventive action that helped, or didn’t, has the check that says so"))
def effects_were_checked() -> str:
    return """
        SELECT p.id FROM complaints_prevention p
        LEFT JOIN LATERAL (
            SELECT outcome FROM complaints_effectcheck k WHERE k.prevention_id = p.id ORDER BY id DESC LIMIT 1
        ) AS last ON true
        WHERE p.state = 'effective' AND last.outcome IS DISTINCT FROM 'fell'
           OR p.state = 'reopened' AND last.outcome IS DISTINCT FROM 'not'
           OR p.state = 'unclear' AND coalesce(last.outcome, '') NOT IN ('few', 'uncoded')
    """


@invariant("I29", _("an answer of one or two, and no other, opens a call-back"))
def low_answers_are_called_back() -> str:
    return f"""
        SELECT u.id FROM complaints_survey u
        LEFT JOIN complaints_callback b ON b.survey_id = u.id
        WHERE coalesce(u.score <= {LOW}, false) <> (b.id IS NOT NULL)
    """  # noqa: S608 - a number of ours


@invariant("I29-mail", _("mail stands in the case that came of it, by its number, as its person’s words"))
def mail_is_where_it_says() -> str:
    return """
        SELECT m.id FROM complaints_mail m
        LEFT JOIN complaints_complaint c ON c.id = m.complaint_id
        LEFT JOIN complaints_reply r ON r.id = m.reply_id
        WHERE m.state = 'filed'
              AND (c.number, c.token, c.came_by) IS DISTINCT FROM (m.number, m.token, 'mail')
           OR m.state <> 'joined' AND m.reply_id IS NOT NULL
           OR m.reply_id IS NOT NULL AND (r.complaint_id, r.by_id) IS DISTINCT FROM (c.id, c.person_id)
    """
