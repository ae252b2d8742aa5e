"""What the database itself refuses about complaints, whoever asks."""

import pgtrigger

from complaints.states import REOPENED_WITHIN_DAYS, moves_as_sql, moves_by_role_as_sql


def _refuse(constraint: str, sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';"


def starts_as_received() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="complaint_starts_as_received",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__state__df="received"),
        func=_refuse("complaint_starts_as_received", "a complaint starts as received"),
    )


def moves_as_allowed() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="complaint_moves_as_allowed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
        func=f"""
            IF (OLD.state, NEW.state) NOT IN ({moves_as_sql()}) THEN
                {_refuse("complaint_moves_as_allowed", "this move of a complaint is not allowed")}
            END IF;
            IF NEW.version <= OLD.version THEN
                {_refuse("complaint_moves_with_a_new_version", "a move makes a new version of the case")}
            END IF;
            IF (NEW.state = 'reopened') IS DISTINCT FROM (NEW.reopened = OLD.reopened + 1) THEN
                {_refuse("complaint_counts_its_reopenings", "opening again is counted")}
            END IF;
            RETURN NEW;
        """,
    )


def state_has_its_step() -> pgtrigger.Trigger:
    """Judged at commit, so that a verb may write the state and its step in either order."""
    return pgtrigger.Trigger(
        name="complaint_state_has_its_step",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        timing=pgtrigger.Deferred,
        func=f"""
            IF (SELECT state FROM complaints_complaint WHERE id = NEW.id) IS DISTINCT FROM
               (SELECT after FROM complaints_step WHERE complaint_id = NEW.id ORDER BY id DESC LIMIT 1) THEN
                {_refuse("complaint_state_has_its_step", "each move of a complaint leaves its step")}
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - sentences of ours
    )


def steps_follow_the_table() -> pgtrigger.Trigger:
    """A step begins where the case stands, ends where its role may take it, and is written first.

    So a case can't be moved and explained afterwards: the step must stand before the state changes.
    """
    refuse = _refuse("step_follows_the_table", "this step is not in the table of moves")
    late = _refuse("step_reopens_in_time", "it is too late to open this complaint again")
    return pgtrigger.Trigger(
        name="step_follows_the_table",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("stands", "complaints_complaint%ROWTYPE"), ("last", "text")],
        func=f"""
            SELECT * INTO stands FROM complaints_complaint WHERE id = NEW.complaint_id;
            SELECT after INTO last FROM complaints_step WHERE complaint_id = NEW.complaint_id
            ORDER BY id DESC LIMIT 1;
            IF NEW.before = '' THEN
                IF last IS NOT NULL OR NEW.after <> 'received' THEN {refuse} END IF;
            ELSIF last IS DISTINCT FROM NEW.before OR stands.state <> NEW.before
                  OR (NEW.before, NEW.after, NEW.role) NOT IN ({moves_by_role_as_sql()})
                  OR NEW.role = 'consumer' AND NEW.by_id <> stands.person_id THEN
                {refuse}
            END IF;
            IF NEW.after = 'reopened' AND NEW.role = 'consumer' AND
               (NEW.at <= stands.ended_at + interval '{REOPENED_WITHIN_DAYS} days') IS NOT TRUE THEN
                {late}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - words of ours
    )


def goes_up_only_with_a_word() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="complaint_goes_up_with_a_word",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("level"),
        func=f"""
            IF TG_OP = 'INSERT' AND NEW.level = 0 OR TG_OP = 'UPDATE' AND NEW.level = OLD.level THEN
                RETURN NEW;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.level > OLD.level AND EXISTS
               (SELECT 1 FROM complaints_escalation WHERE complaint_id = NEW.id AND level = NEW.level) THEN
                RETURN NEW;
            END IF;
            {_refuse("complaint_goes_up_with_a_word", "a case goes up only, and says why")}
        """,  # noqa: S608 - words of ours
    )


def stays_with_its_shop() -> pgtrigger.Trigger:
    """A case about one business can never point into another's books."""
    return pgtrigger.Trigger(
        name="complaint_stays_with_its_shop",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merchant_id", "shop_id", "purchase_id", "coupon_id"),
        func=f"""
            IF NEW.merchant_id IS NOT NULL AND NEW.merchant_id IS DISTINCT FROM
               (SELECT merchant_id FROM merchants_shop WHERE id = NEW.shop_id) THEN
                {_refuse("complaint_stays_with_its_shop", "the shop belongs to another merchant")}
            END IF;
            IF NEW.purchase_id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM orders_purchase WHERE id = NEW.purchase_id AND shop_id = NEW.shop_id) THEN
                {_refuse("complaint_stays_with_its_shop", "the purchase was not made at the shop")}
            END IF;
            IF NEW.coupon_id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM coupons_coupon WHERE id = NEW.coupon_id AND merchant_id = NEW.merchant_id) THEN
                {_refuse("complaint_stays_with_its_shop", "the coupon is another merchant''s")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - sentences of ours
    )


def ends_only_when_promises_are_kept() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="complaint_ends_with_its_promises_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(new__state__in=["resolved", "closed"]),
        func=f"""
            IF EXISTS (SELECT 1 FROM complaints_remedy
                       WHERE complaint_id = NEW.id AND state = 'promised') THEN
                {_refuse("complaint_ends_with_its_promises_kept", "a promised remedy is still owed")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - sentences of ours
    )


def remedy_goes_forward() -> pgtrigger.Trigger:
    """What was done stays done and stays what it was; what was promised is neither changed nor unsaid."""
    refuse = _refuse("remedy_goes_forward", "this step of a remedy is not allowed")
    return pgtrigger.Trigger(
        name="remedy_goes_forward",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'DELETE' OR OLD.state IN ('executed', 'dropped')
               OR OLD.state = 'promised' AND NEW.state = 'proposed'
               OR OLD.state = 'proposed' AND NEW.state = 'executed'
               OR (OLD.complaint_id, OLD.merchant_id, OLD.kind, OLD.is_goodwill, OLD.worth, OLD.points,
                   OLD.line_id, OLD.programme_id, OLD.says, OLD.key, OLD.proposed_by_id, OLD.needs_second)
                  IS DISTINCT FROM
                  (NEW.complaint_id, NEW.merchant_id, NEW.kind, NEW.is_goodwill, NEW.worth, NEW.points,
                   NEW.line_id, NEW.programme_id, NEW.says, NEW.key, NEW.proposed_by_id, NEW.needs_second)
            THEN {refuse} END IF;
            RETURN NEW;
        """,
    )


def remedy_stays_in_its_case() -> pgtrigger.Trigger:
    """A remedy is given by the case's merchant out of that merchant's own books."""
    refuse = _refuse("remedy_stays_in_its_case", "this belongs to another case or merchant")
    return pgtrigger.Trigger(
        name="remedy_stays_in_its_case",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("stands", "complaints_complaint%ROWTYPE")],
        func=f"""
            SELECT * INTO stands FROM complaints_complaint WHERE id = NEW.complaint_id;
            IF NEW.merchant_id IS DISTINCT FROM stands.merchant_id
               OR NEW.line_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders_purchaseline
                   WHERE id = NEW.line_id AND purchase_id = stands.purchase_id)
               OR NEW.programme_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coupons_couponprogramme
                   WHERE id = NEW.programme_id AND merchant_id = NEW.merchant_id)
               OR NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loyalty_entry
                   WHERE id = NEW.entry_id AND merchant_id = NEW.merchant_id)
               OR NEW.coupon_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coupons_coupon
                   WHERE id = NEW.coupon_id AND merchant_id = NEW.merchant_id)
               OR NEW.returned_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders_return
                   WHERE id = NEW.returned_id AND merchant_id = NEW.merchant_id)
               OR NEW.reply_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM complaints_reply
                   WHERE id = NEW.reply_id AND complaint_id = NEW.complaint_id)
            THEN {refuse} END IF;
            RETURN NEW;
        """,  # noqa: S608 - words of ours
    )


def causes_form_a_tree() -> pgtrigger.Trigger:
    """No cause stands under itself, however far down."""
    return _tree(
        "causes_form_a_tree", "complaints_cause", key="id", sentence="a cause would stand under itself"
    )


def reasons_form_a_tree() -> pgtrigger.Trigger:
    """No reason stands under itself, however far down."""
    sentence = "a reason would stand under itself"
    return _tree("reasons_form_a_tree", "complaints_reason", key="code", sentence=sentence)


def _tree(name: str, table: str, *, key: str, sentence: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        func=f"""
            IF NEW.{key} IN (WITH RECURSIVE above AS (
                   SELECT {key}, parent_id FROM {table} WHERE {key} = NEW.parent_id
                   UNION
                   SELECT c.{key}, c.parent_id FROM {table} c JOIN above ON c.{key} = above.parent_id
               ) SELECT {key} FROM above) THEN
                {_refuse(name, sentence)}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - words of ours
    )
