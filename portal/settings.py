"""Settings for every environment; what differs comes from the environment (see docs/operations.md)."""

import re
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What kind of place this is -------------------------------------------------------------

PORTAL_ENV = env.str("PORTAL_ENV", "production")
DEVELOPMENT, TESTING = PORTAL_ENV == "development", PORTAL_ENV == "test"
PRODUCTION = not (DEVELOPMENT or TESTING)
DEBUG = DEVELOPMENT
PORTAL_DEMO = env.bool("PORTAL_DEMO", False)

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
OVER_TLS = SITE_URL.startswith("https://")

# --- Apps, lowest last: an app imports only what stands below it -------------------------------

DOMAIN_APPS = [
    "crm",
    "complaints",
    "consumers",
    "orders",
    "coupons",
    "loyalty",
    "merchants",
    "messaging",
]
INSTALLED_APPS = [
    "portal.home",
    *DOMAIN_APPS,
    "portal.kernel",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "djgeojson",
    "pghistory",
    "pgtrigger",
    "phonenumber_field",
    "template_partials.apps.SimpleAppConfig",
    "whitenoise.runserver_nostatic",
    "portal.home.staff_app.StaffAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.kernel.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.kernel.middleware.PersonalSettings",
    "portal.kernel.middleware.AuditContext",
    "portal.kernel.middleware.Access",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATE_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context.navigation",
                "portal.home.context.look",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    TEMPLATE_LOADERS
                    if DEVELOPMENT
                    else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "portal.kernel.templatetags.kernel",
            ],
        },
    }
]

COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it was given, not the page around it

# --- The database: one PostGIS; the web's role owns no table ------------------------------------

DATABASE = env.db_url("DATABASE_URL", engine="django.contrib.gis.db.backends.postgis")
DATABASES = {"default": DATABASE}
SOCKET = DATABASE.get("OPTIONS", {}).get("host", "")  # postgis://role@/name?host=/folder/of/the/socket
DATABASES["default"] |= {
    "HOST": SOCKET or DATABASE["HOST"],
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may stand in between
    "OPTIONS": {
        "application_name": "portal",
        # A queue at a lock or a runaway query becomes an answer, not a pile-up of threads.
        "options": (
            f"-c lock_timeout={env.int('LOCK_TIMEOUT_MS', 3000)}"
            f" -c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', 0)}"
            " -c idle_in_transaction_session_timeout=60000"
        ),
    },
    "TEST": {"TEMPLATE": env.str("TEST_TEMPLATE", "portal_template")},
}
if env.bool("DATABASE_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_MAX", 8),
        "timeout": 5,
    }
WEB_ROLE = env.str("WEB_ROLE", "portal_web")  # loses the right to rewrite ledgers and the audit trail
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "gis.W001",  # GDAL 3.6 warns on every command; points are made from two floats, never parsed
    "account.W001",  # phone, e-mail and password are each optional; the form demands one of the first two
    "security.W005",  # HSTS for subdomains and preloading bind names that aren't ours to decide about
    "security.W021",
]

# --- Redis: latency only, never the record ------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    # Rate limits and one-time state must outlive Redis, so the default cache is a table.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # What may be forgotten at any moment: rendered pieces, counts. Errors read as a miss.
    "fast": {
        "BACKEND": "portal.kernel.cache.ForgivingRedis",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    },
}
SESSION_ENGINE = "portal.kernel.sessions"  # in the database, sealed
SESSION_COOKIE_AGE = 180 * 24 * 3600  # texts cost money and people keep their phones
SESSION_COOKIE_HTTPONLY = True

CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL",
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="),
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_REDIS_SOCKET_TIMEOUT = 1
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 1
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", 1)  # long jobs leave the other workers to short work
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BEAT_SCHEDULE = {
    "deliver events": {
        "task": "portal.kernel.tasks.deliver_events",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "urgent"},
    },
    "send messages": {
        "task": "messaging.tasks.send_due",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "urgent"},
    },
    "run jobs": {
        "task": "portal.kernel.tasks.run_jobs",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "bulk"},
    },
    "expire points": {
        "task": "loyalty.tasks.expire_points",
        "schedule": crontab(hour=16, minute=10),  # 00:10 in China
    },
    "forget wrong codes": {"task": "orders.tasks.tidy", "schedule": crontab(hour=19, minute=40)},
    "turn shop hours": {
        "task": "merchants.tasks.turn_hours",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tidy": {
        "task": "portal.kernel.tasks.tidy",
        "schedule": crontab(hour=19, minute=30),
    },  # 03:30 in China
}

# --- People: sign-in by code, optional password, TOTP, passkeys ----------------------------------

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

# --- Languages, time, money -----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [ROOT / "portal" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
HOME_TIME_ZONE = env.str("HOME_TIME_ZONE", "Asia/Shanghai")  # for visitors and shops that say nothing
# Parts of town that visitors choose from; the first is where they start.
AREAS_FILE = env.str("AREAS_FILE", str(ROOT / "data" / "areas.json"))
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", "CN")
CURRENCY = env.str("CURRENCY", "CNY")
CURRENCY_SYMBOL = env.str("CURRENCY_SYMBOL", "¥")
CURRENCY_EXPONENT = env.int("CURRENCY_EXPONENT", 2)

# --- Complaints: within how many working days each reason is answered ------------------------------

COMPLAINT_ANSWER_DAYS = {
    "quality": 2,
    "price": 1,
    "card": 1,
    "conduct": 1,
    "listing": 3,
    "other": 2,
}

# --- Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(ROOT / "staticfiles")))
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "portal.home.styles.BundledStyles",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(ROOT / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Keys for personal data, push ---------------------------------------------------------------

FIELD_KEYS = env.list("FIELD_KEYS", default=[])
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", "")
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

# --- Walls ------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = OVER_TLS and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if OVER_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
ALLOW_PLAIN_HTTP = env.bool("ALLOW_PLAIN_HTTP", False)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MAP_TILES = env.str("MAP_TILES", "")  # no tiles by default: no third-party request
MAP_CREDITS = env.str("MAP_CREDITS", "© OpenStreetMap contributors")  # shown on the map that has tiles
TILE_HOSTS = re.findall(r"^https?://[^/]+", MAP_TILES.replace("{s}", "*"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [
            SELF,
            "'wasm-unsafe-eval'",
        ],  # the scanner's decoder is WebAssembly
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *TILE_HOSTS],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Logs: one JSON line each, no personal data ------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.kernel.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "django.db.backends": {"level": "INFO"},  # statements carry people's data in their values
        "celery.worker.strategy": {"level": "WARNING"},  # a line per task received says nothing
        "celery.worker.request": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
