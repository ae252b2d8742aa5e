"""What the database itself keeps true: where reviews and conversations come from, what reviews add up to."""

import pgtrigger

REVIEW_WITHIN = "30 days"  # after the purchase; the verb's own limit is the same


def _refuse(constraint: str, sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';"


def begins_with_its_purchase() -> pgtrigger.Trigger:
    """A review can only be written verified by who bought, there, within 30 days, and not after an undo."""
    return pgtrigger.Trigger(
        name="verified_review_begins_with_its_purchase",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__purchase_id__isnull=False),
        func=f"""
            IF NOT EXISTS (
                SELECT FROM orders_purchase p JOIN merchants_customer c ON c.id = p.customer_id
                WHERE p.id = NEW.purchase_id AND p.shop_id = NEW.shop_id AND c.user_id = NEW.person_id
                  AND p.undone_at IS NULL
                  AND NEW.written_at BETWEEN p.made_at AND p.made_at + interval '{REVIEW_WITHIN}'
            ) THEN
                {_refuse("verified_review_begins_with_its_purchase", "no such purchase of this person")}
            END IF;
            RETURN NEW;
        """,
    )


def keeps_writer_and_purchase() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="review_keeps_writer_and_purchase",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("person_id", "purchase_id", "kind", "written_at"),
        func=f"""
            IF (NEW.person_id, NEW.purchase_id, NEW.written_at) IS DISTINCT FROM
               (OLD.person_id, OLD.purchase_id, OLD.written_at)
               OR (OLD.kind = 'ordinary' AND NEW.kind = 'verified') THEN
                {_refuse("review_keeps_writer_and_purchase", "a review never changes hands or rises")}
            END IF;
            RETURN NEW;
        """,
    )


def scores_are_counted() -> list[pgtrigger.Trigger]:
    """Once per statement: a thousand reviews that move to another shop are counted once, not row by row."""
    events = {
        "insert": (pgtrigger.Insert, {"new": "after_it"}),
        "update": (pgtrigger.Update, {"old": "before_it", "new": "after_it"}),
        "delete": (pgtrigger.Delete, {"old": "before_it"}),
    }
    return [_counted(name, operation, tables) for name, (operation, tables) in events.items()]


def _counted(name: str, operation: pgtrigger.Operation, tables: dict[str, str]) -> pgtrigger.Trigger:
    touched = " UNION ".join(f"SELECT shop_id FROM {table}" for table in tables.values())  # noqa: S608
    return pgtrigger.Trigger(
        name=f"review_{name}_is_counted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        func=f"""
            PERFORM consumers_count_reviews(array_agg(shop_id)) FROM ({touched}) AS t HAVING count(*) > 0;
            RETURN NULL;
        """,
    )


def conversation_begins_with_the_shops_merchant() -> pgtrigger.Trigger:
    """It begins with whoever has the shop then, and never changes hands: not even when the shop does."""
    return pgtrigger.Trigger(
        name="conversation_begins_with_the_shops_merchant",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merchant_id", "person_id"),
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF (NEW.merchant_id, NEW.person_id) IS DISTINCT FROM (OLD.merchant_id, OLD.person_id) THEN
                    {_refuse("conversation_begins_with_the_shops_merchant", "it never changes hands")}
                END IF;
            ELSIF NOT EXISTS (
                SELECT FROM merchants_shop s WHERE s.id = NEW.shop_id AND s.merchant_id = NEW.merchant_id
            ) THEN
                {_refuse("conversation_begins_with_the_shops_merchant", "not the shop of this merchant")}
            END IF;
            RETURN NEW;
        """,
    )
