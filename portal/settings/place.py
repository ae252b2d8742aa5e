"""What kind of place this is: development, a test, or production unless told otherwise."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

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
