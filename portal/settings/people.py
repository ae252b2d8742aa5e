"""Sign-in by code, optional password, TOTP, passkeys; sessions; keys for personal data."""

import base64

from portal.settings.place import OVER_TLS, PORTAL_DEMO, PRODUCTION, env

SESSION_ENGINE = "portal.kernel.sessions"  # in the database, sealed
SESSION_COOKIE_AGE = 180 * 24 * 3600  # texts cost money and people keep their phones
SESSION_COOKIE_HTTPONLY = True

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["portal.home.accounts.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.home.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # the e-mail on the person is sealed; allauth must not query it
ACCOUNT_EMAIL_MAX_LENGTH = 400  # the column holds sealed addresses (portal.home.accounts.sealing)
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# Our one box asks for either; allauth's own sign-up form, to which "required" applies, is not served.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address at a time, the new one counts once it is proved
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
MFA_ADAPTER = "portal.home.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OVER_TLS  # browsers allow passkeys on plain http for localhost only
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", PRODUCTION and not PORTAL_DEMO)
STAFF_IDLE_SECONDS = 2 * 3600
STAFF_SESSION_SECONDS = 12 * 3600
# Texts cost money: to how many countries, and how many of them.
SMS_COUNTRIES = env.list("SMS_COUNTRIES", default=["CN", "HK", "MO", "TW"])
CODES_PER_CONTACT_A_DAY = env.int("CODES_PER_CONTACT_A_DAY", 500 if PORTAL_DEMO else 10)
CODES_PER_ADDRESS_AN_HOUR = env.int("CODES_PER_ADDRESS_AN_HOUR", 2000 if PORTAL_DEMO else 60)
CODES_AN_HOUR = env.int("CODES_AN_HOUR", 5000)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Phones and e-mail addresses are sealed with the first key; the others still open what they sealed.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", "")
BLIND_INDEX_KEY_PREVIOUS = env.str("BLIND_INDEX_KEY_PREVIOUS", "")  # while the indexes are computed anew

# Mixed into spending PINs before they are hashed; outside the database, so that a stolen copy of it can't be
# tried out. Each PIN remembers its pepper: those under the former one move over when they are next used.
PIN_PEPPER = env.str(
    "PIN_PEPPER", "" if PRODUCTION else base64.b64encode(b"a pepper for desks and tests only").decode()
)
PIN_PEPPER_PREVIOUS = env.str("PIN_PEPPER_PREVIOUS", "")
