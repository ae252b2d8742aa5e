"""What the database itself refuses about complaints, whoever asks."""

import pgtrigger

from complaints.states import moves_as_sql


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


def stays_with_its_shop() -> pgtrigger.Trigger:
    """A case about one business can never point into another's books."""
    return pgtrigger.Trigger(
        name="complaint_stays_with_its_shop",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merchant_id", "shop_id", "purchase_id"),
        func=f"""
            IF NEW.merchant_id IS NOT NULL AND NEW.merchant_id IS DISTINCT FROM
               (SELECT merchant_id FROM merchants_shop WHERE id = NEW.shop_id) THEN
                {_refuse("complaint_stays_with_its_shop", "the shop belongs to another merchant")}
            END IF;
            IF NEW.purchase_id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM orders_purchase WHERE id = NEW.purchase_id AND shop_id = NEW.shop_id) THEN
                {_refuse("complaint_stays_with_its_shop", "the purchase was not made at the shop")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - sentences of ours
    )
