"""What is convenient at a desk and dangerous in the street is refused at the start."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as conf
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal.kernel.checks import refuse_to_start

STREET = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "Wq3hz81kfQ0Zx7LmB5tYcR2vN9sJ4dPgUaEiOo6K",
    "ALLOWED_HOSTS": ["corner.example"],
    "SITE_URL": "https://corner.example",
    "ALLOW_PLAIN_HTTP": False,
}


def test_a_sound_configuration_starts():
    with override_settings(**STREET):
        refuse_to_start()


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 50}, "SECRET_KEY"),
        ({"SECRET_KEY": f"django-insecure-{STREET['SECRET_KEY']}"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://corner.example"}, "plain http"),
        ({"SITE_URL": "https://corner.example/portal"}, "bare origin"),
        ({"SITE_URL": ""}, "bare origin"),
        ({"FIELD_KEYS": []}, "FIELD_KEYS"),
        ({"FIELD_KEYS": ["k1:c2hvcnQ="]}, "FIELD_KEYS"),
        ({"FIELD_KEYS": ["k1:not base64!"]}, "FIELD_KEYS"),
        ({"BLIND_INDEX_KEY": ""}, "BLIND_INDEX_KEY"),
        ({"BLIND_INDEX_KEY": "c2hvcnQ="}, "BLIND_INDEX_KEY"),
        ({"BLIND_INDEX_KEY_PREVIOUS": "c2hvcnQ="}, "BLIND_INDEX_KEY"),
        ({"MFA_TOTP_INSECURE_BYPASS_CODE": "000000"}, "second step"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_unsafe_configuration_does_not_start(bad: dict[str, Any], sentence: str):
    with override_settings(**STREET | bad), pytest.raises(ImproperlyConfigured, match=sentence):
        refuse_to_start()


@pytest.mark.parametrize(
    "fine",
    [{"SITE_URL": "http://localhost:8000"}, {"SITE_URL": "http://x.example", "ALLOW_PLAIN_HTTP": True}],
)
def test_plain_http_is_for_this_machine_or_where_it_is_meant(fine: dict[str, Any]):
    with override_settings(**STREET | fine):
        refuse_to_start()


def test_the_desk_is_left_alone():
    with override_settings(**STREET | {"PRODUCTION": False, "DEBUG": True, "ALLOWED_HOSTS": ["*"]}):
        refuse_to_start()


@pytest.mark.parametrize(
    "start",
    [
        "import portal.wsgi",
        "from portal.celery import refuse_to_start; import django; django.setup(); refuse_to_start()",
    ],
)
def test_web_and_worker_refuse_to_start_with_a_guessable_secret(start: str):
    environment = os.environ | {
        "PORTAL_ENV": "production",
        "SECRET_KEY": "secret",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", start], env=environment, cwd=conf.ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "SECRET_KEY is short or guessable" in done.stderr


PINNED = {
    "SESSION_ENGINE": "portal.kernel.sessions",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "X_FRAME_OPTIONS": "DENY",
    "CELERY_TASK_IGNORE_RESULT": True,
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
    "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
    "CELERY_TASK_PUBLISH_RETRY": False,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ALLAUTH_USER_CODE_FORMAT": {"numeric": True, "length": 6, "dashed": False},
}


@pytest.mark.parametrize(("name", "value"), PINNED.items(), ids=PINNED)
def test_a_setting_that_holds_a_promise_stays_as_it_is(name: str, value: Any):
    assert getattr(conf, name) == value


def test_a_frozen_redis_costs_little():
    transport = conf.CELERY_BROKER_TRANSPORT_OPTIONS
    assert (transport["socket_timeout"], transport["socket_connect_timeout"], transport["max_retries"]) == (
        1,
        1,
        0,
    )
    assert transport["visibility_timeout"] > conf.CELERY_TASK_TIME_LIMIT
    assert conf.CACHES["fast"]["OPTIONS"]["socket_timeout"] <= 1


def test_the_database_connection_gives_up_instead_of_piling_up():
    database = conf.DATABASES["default"]
    assert database["CONN_HEALTH_CHECKS"]
    assert "lock_timeout=3000" in database["OPTIONS"]["options"]
    assert not database.get("ATOMIC_REQUESTS")


def test_scripts_and_frames_come_from_nowhere_else():
    rules = conf.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for name in ("default-src", "script-src", "style-src", "connect-src", "form-action"):
        assert rules[name][0] == "'self'"
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(rules[name])
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == ["'none'"]
