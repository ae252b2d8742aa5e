"""A real worker is killed in the middle of 10,000 messages: none is lost, none is seen twice.

``KILLED_AT=20000`` kills it five times in twice as many; ``docs/messaging.md`` says what came of that.

The worker, its broker, the database and the push service are real processes and sockets. SIGKILL
takes the whole worker, so nothing of it can tidy up. What is counted is what arrived at the push
service, against the rows of the database.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Count
from django.utils import timezone

from messaging import actions
from messaging.endpoints import application_server_key, endpoint_hash
from messaging.models import Channel, Choice, Dispatch, Purpose, PushSubscription, Reason, State, Times
from portal.kernel.models import User
from tests.messaging.makers import DEAL_PUSH, RECEIPT_PUSH
from tests.messaging.push_service import Keys, PushService, new_vapid_key
from tests.messaging.worker import Worker
from tools.redis import Server, temporary

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.chaos]
PEOPLE = int(os.environ.get("KILLED_AT", "10000"))
DEALS = PEOPLE // 5
RECEIPTS = PEOPLE - DEALS
KILLS = 5 if PEOPLE >= 20_000 else 4
LANES, PROCESSES = 4, 2
IN_THE_AIR = LANES * PROCESSES


@pytest.fixture
def redis() -> Iterator[Server]:
    with temporary() as server:
        yield server


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService(delay=0.003) as listening:
        yield listening


@pytest.fixture
def worker(redis: Server, settings: Any) -> Iterator[Worker]:
    settings.VAPID_PRIVATE_KEY = new_vapid_key()
    made = Worker(
        redis,
        VAPID_PRIVATE_KEY=settings.VAPID_PRIVATE_KEY,
        PUSH_HOSTS="127.0.0.1",
        PUSH_HTTPS_ONLY="0",
        MESSAGING_LANES=str(LANES),
        MESSAGING_LEASE_SECONDS="12",
    )
    yield made
    made.stop()


def people_with_browsers(count: int, service: PushService, keys: Keys) -> list[User]:
    """Set-based, for the test is about sending. All agreed to deals at any hour."""
    users: list[User] = User.objects.bulk_create(
        [User(phone=None, name="") for _ in range(count)], batch_size=2000
    )
    expire = timezone.now() + timedelta(days=1)
    Session.objects.bulk_create(
        [Session(session_key=f"session-{u.pk}", session_data="", expire_date=expire) for u in users],
        batch_size=2000,
    )
    PushSubscription.objects.bulk_create(
        [
            PushSubscription(
                person=user,
                session_id=f"session-{user.pk}",
                endpoint=f"{service.url}/{user.pk}",
                endpoint_hash=endpoint_hash(f"{service.url}/{user.pk}"),
                p256dh=keys.p256dh,
                auth=keys.auth,
            )
            for user in users
        ],
        batch_size=2000,
    )
    agreed = {"purpose": Purpose.DEALS, "channel": Channel.PUSH, "wanted": True}
    Choice.objects.bulk_create([Choice(person=user, **agreed) for user in users], batch_size=2000)
    midnight = Times.QUIET_FROM.replace(hour=0)
    Times.objects.bulk_create(
        [Times(person=user, quiet_from=midnight, quiet_until=midnight) for user in users], batch_size=2000
    )
    return users


def states() -> Counter[str]:
    return Counter(dict(Dispatch.objects.values_list("state").annotate(Count("pk"))))


def at_rest() -> bool:
    open_states = (State.QUEUED, State.CLAIMED, State.SENDING)
    return not Dispatch.objects.filter(state__in=open_states).exists()


def test_killing_the_worker_loses_no_message_and_shows_none_twice(
    worker: Worker, service: PushService, record_property: Any
) -> None:
    keys = Keys()
    people = [user.pk for user in people_with_browsers(PEOPLE, service, keys)]
    actions.tell_many(people[:RECEIPTS], RECEIPT_PUSH, occurrence="purchase:1", shop="青禾理发", amount="¥38")
    actions.tell_many(people[RECEIPTS:], DEAL_PUSH, occurrence="deal:1", shop="青禾理发")

    held: set[int] = set()
    for turn in range(1, KILLS + 1):
        worker.start()
        goal = turn * PEOPLE // (KILLS + 1)
        assert worker.work_until(lambda goal=goal: len(service.posts) >= goal, seconds=180, pause=0.002)
        worker.kill()
        held |= set(Dispatch.objects.filter(state=State.SENDING).values_list("pk", flat=True))
    worker.start()
    assert worker.work_until(at_rest, seconds=480), states()
    worker.stop()

    # The kills hit what they were meant to hit: requests that were in the air.
    caught = len(held)
    assert 0 < caught <= KILLS * IN_THE_AIR
    rows = {row.token.hex: row for row in Dispatch.objects.all()}
    posted = service.per_topic()
    assert set(posted) <= set(rows)

    receipts = {token for token, row in rows.items() if not row.at_most_once}
    deals = set(rows) - receipts
    # Every receipt is sent, and has arrived.
    assert {rows[token].state for token in receipts} == {State.SENT}
    assert receipts <= set(posted)
    # What was in the air was repeated, and nothing else was. Advertising never was.
    repeated = {token: count for token, count in posted.items() if count > 1}
    assert sum(count - 1 for count in repeated.values()) <= caught
    assert not deals & set(repeated)
    # Advertising that was in the air is not lost from sight: staff see each one, with the reason.
    unsure = {token for token in deals if rows[token].state == State.UNSURE}
    assert {rows[token].state for token in deals} <= {State.SENT, State.UNSURE}
    assert {rows[token].reason for token in unsure} <= {Reason.BROKEN_OFF}
    assert deals - unsure <= set(posted)
    assert len(unsure) + sum(count - 1 for count in repeated.values()) <= caught

    # A browser that was off gets one copy of each, for the service kept one per topic; one that was
    # on shows one notification per tag. Opened with the browser's keys, not taken from a header.
    tags = Counter(
        (post.path, keys.open(post.body)["tag"]) for (_path, _topic), post in service.kept().items()
    )
    assert set(tags.values()) == {1}
    assert len(tags) == len(posted) >= PEOPLE - len(unsure)
    for post in service.posts[::500]:
        assert post.claims(application_server_key())["aud"] == service.url
    record_property("in_the_air_when_killed", caught)
    record_property("posts_repeated", sum(repeated.values()) - len(repeated))
    record_property("advertising_broken_off", len(unsure))


def test_killing_one_process_of_the_worker_is_made_good_by_the_others(
    worker: Worker, service: PushService
) -> None:
    keys, count, kills = Keys(), 900, 3
    people = [user.pk for user in people_with_browsers(count, service, keys)]
    actions.tell_many(people, RECEIPT_PUSH, occurrence="purchase:1", shop="青禾理发", amount="¥38")
    worker.start()
    for turn in range(1, kills + 1):
        goal = turn * count // (kills + 1)
        assert worker.work_until(lambda goal=goal: len(service.posts) >= goal, seconds=180, pause=0.002)
        worker.kill_a_child()
    assert worker.work_until(at_rest, seconds=180), states()
    posted = service.per_topic()
    assert (states(), len(posted)) == ({State.SENT: count}, count)
    assert len(service.posts) - count <= kills * LANES


def test_messages_go_out_later_when_redis_was_gone_and_had_forgotten_everything(
    worker: Worker, service: PushService, redis: Server
) -> None:
    """Twice, and each time in the middle of a task: the worker has to outlive its broker (R05, R07)."""
    people = [user.pk for user in people_with_browsers(80, service, Keys())]
    tell: dict[str, Any] = {"shop": "青禾理发", "amount": "¥38"}
    service.delay = 0.1
    worker.start()
    for turn in (0, 1):
        first, rest = people[turn * 40 : turn * 40 + 20], people[turn * 40 + 20 : turn * 40 + 40]
        actions.tell_many(first, RECEIPT_PUSH, occurrence="purchase:1", **tell)
        assert worker.work_until(lambda turn=turn: len(service.posts) > turn * 40, seconds=120, pause=0.01)
        redis.kill()
        actions.tell_many(rest, RECEIPT_PUSH, occurrence="purchase:2", **tell)
        redis.start()
        redis.empty()
        assert worker.work_until(at_rest, seconds=180), states()
    assert states() == {State.SENT: 80}
    assert set(service.per_topic().values()) == {1}
