"""How messages leave the house: push, SMS, e-mail."""

from portal.settings.place import env

VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
VAPID_CONTACT = env.str("VAPID_CONTACT", "mailto:operator@example.org")

# The push services of Chrome, Firefox, Edge and Safari; a leading dot stands for all hosts below it.
PUSH_HOSTS = env.list(
    "PUSH_HOSTS",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        ".notify.windows.com",
        ".push.apple.com",
    ],
)
PUSH_HTTPS_ONLY = env.bool("PUSH_HTTPS_ONLY", True)
SMS_PROVIDER = env.str("SMS_PROVIDER", "messaging.channels.sms.Console")
MESSAGING_LANES = env.int("MESSAGING_LANES", 4)  # sendings in the air at once, per worker process
# How long a silent worker keeps what it took; longer than all timeouts of one sending (push: 3 s + 7 s).
MESSAGING_LEASE_SECONDS = env.int("MESSAGING_LEASE_SECONDS", 20)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Street Corner <hello@localhost>")
