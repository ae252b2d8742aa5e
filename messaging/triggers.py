"""What the database itself keeps true of messages to many: they belong to a mailing that is there."""

import pgtrigger

_REFUSE = """RAISE EXCEPTION 'a message without its mailing'
    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'message_has_its_mailing';"""


def messages_have_their_mailing() -> list[pgtrigger.Trigger]:
    """A foreign key asks once for every row; a mailing's messages come together and ask once."""
    return [
        pgtrigger.Trigger(
            name="message_has_its_mailing",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="written"),
            declare=[("wanted", "bigint[]")],
            func=f"""
                SELECT array_agg(DISTINCT mailing_id) INTO wanted FROM written WHERE mailing_id IS NOT NULL;
                IF wanted IS NULL THEN RETURN NULL; END IF;
                PERFORM FROM messaging_mailing WHERE id = ANY (wanted) ORDER BY id FOR KEY SHARE;
                IF (SELECT count(*) FROM messaging_mailing WHERE id = ANY (wanted))
                   < cardinality(wanted) THEN {_REFUSE} END IF;
                RETURN NULL;
            """,  # noqa: S608 - constants alone
        ),
        pgtrigger.ReadOnly(name="message_keeps_its_mailing", fields=["mailing"]),
    ]


def mailing_outlives_its_messages() -> pgtrigger.Trigger:
    """The other half of that foreign key: whoever deletes waits for those who are just writing."""
    return pgtrigger.Trigger(
        name="mailing_outlives_its_messages",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=f"""
            IF EXISTS (SELECT FROM messaging_message WHERE mailing_id = OLD.id) THEN {_REFUSE} END IF;
            RETURN NULL;
        """,
    )
