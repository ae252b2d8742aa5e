"""The mailbox that complaints are written to: off until its server, user and password are here."""

from portal.settings.place import env

MAILBOX_HOST = env.str("MAILBOX_HOST", "")
MAILBOX_PORT = env.int("MAILBOX_PORT", 0)  # 0: what the kind of TLS says, 993 or 143
MAILBOX_TLS = env.str(
    "MAILBOX_TLS", "tls"
)  # "tls" from the first byte, "starttls", or "none" on this machine
MAILBOX_USER = env.str("MAILBOX_USER", "")
MAILBOX_PASSWORD = env.str("MAILBOX_PASSWORD", "")
MAILBOX_FOLDER = env.str("MAILBOX_FOLDER", "INBOX")
MAILBOX_DONE_FOLDER = env.str("MAILBOX_DONE_FOLDER", "Processed")  # where mail goes once it is taken in
# What people write to, and what our mails about complaints are answered to.
MAILBOX_ADDRESS = env.str("MAILBOX_ADDRESS", MAILBOX_USER if "@" in MAILBOX_USER else "")
# The name under which our own mail server writes Authentication-Results (RFC 8601), which are believed then.
MAILBOX_AUTHSERV = env.str("MAILBOX_AUTHSERV", "")
MAILBOX_LARGEST = env.int("MAILBOX_LARGEST", 40 * 1024 * 1024)  # bytes; of larger mail only the head is read
MAILBOX_KEEP_DAYS = env.int("MAILBOX_KEEP_DAYS", 30)  # how long mail is kept once it is dealt with
