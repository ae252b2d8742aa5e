"""Who is held out of a mailing gets none of its messages, whoever writes them."""

from django.db import migrations

# After each statement, not each row: a hundred thousand messages are looked up in one join.
GUARD = """
CREATE FUNCTION messaging_held_out_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh JOIN messaging_heldout held
            ON held.mailing_id = fresh.mailing_id AND held.person_id = fresh.person_id) THEN
        RAISE EXCEPTION 'held_out_people_are_not_told' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER held_out_people_are_not_told AFTER INSERT ON messaging_message
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION messaging_held_out_guard()
"""


class Migration(migrations.Migration):
    replaces = [("messaging", "0002_reviews")]
    dependencies = [("messaging", "0001_messages")]
    operations = [
        migrations.RunSQL(
            [GUARD, TRIGGER],
            [
                "DROP TRIGGER held_out_people_are_not_told ON messaging_message",
                "DROP FUNCTION messaging_held_out_guard",
            ],
        ),
    ]
