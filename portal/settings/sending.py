"""How messages leave the house: push, SMS, e-mail."""

from portal.settings.place import PRODUCTION, env

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
_ADVERTISING = ["followed", "deals", "care", "platform"]
_LOUD = ["push", "email", "sms"]  # what comes to the person; the inbox waits until it is opened
# How much is enough, see messaging/caps.py: two a week from one shop, one a day from all of them.
MESSAGING_CAPS = env.json(
    "MESSAGING_CAPS",
    default=[
        {"purposes": _ADVERTISING, "channels": _LOUD, "most": 2, "hours": 168, "each_merchant": True},
        {"purposes": _ADVERTISING, "channels": _LOUD, "most": 1, "hours": 24},
        {"purposes": _ADVERTISING, "channels": ["sms"], "most": 4, "hours": 720},
        {"purposes": ["coupons", "reviews"], "channels": _LOUD, "most": 3, "hours": 24},
    ],
)
MESSAGING_PACE = env.json("MESSAGING_PACE", default={"email": 100, "sms": 100})  # per second, all workers
# A gateway that takes signed JSON (docs/messaging.md): SMS_PROVIDER=messaging.channels.gateway.Gateway
SMS_URL = env.str("SMS_URL", "")
SMS_KEY = env.str("SMS_KEY", "")
SMS_SECRET = env.str("SMS_SECRET", "" if PRODUCTION else "of this machine alone")
SMS_PRICE = env.int("SMS_PRICE", 5)  # minor units for each part of a text
# A campaign to so many people leaves so many percent of them out, to compare with; 0 percent: none.
HOLD_OUT_FROM = env.int("HOLD_OUT_FROM", 300)
HOLD_OUT_PERCENT = env.int("HOLD_OUT_PERCENT", 10)
MESSAGING_LANES = env.int("MESSAGING_LANES", 4)  # sendings in the air at once, per worker process
# How long a silent worker keeps what it took; longer than all timeouts of one sending (push: 3 s + 7 s).
MESSAGING_LEASE_SECONDS = env.int("MESSAGING_LEASE_SECONDS", 20)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Street Corner <hello@localhost>")
