"""A cache that may vanish: errors of Redis read as a miss, and after one it is left alone for a while."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
REST_SECONDS = 10


class ForgivingRedis(RedisCache):
    """For what can be worked out again. Never for a count or a limit that has to hold."""

    _resting_until = 0.0

    def _try(self, call: Any, fallback: Any) -> Any:
        if time.monotonic() < ForgivingRedis._resting_until:
            return fallback
        try:
            return call()
        except (RedisError, OSError) as fault:
            ForgivingRedis._resting_until = time.monotonic() + REST_SECONDS
            logger.warning("cache unreachable: %s", type(fault).__name__)
            return fallback

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._try(lambda: super(ForgivingRedis, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> None:
        self._try(lambda: super(ForgivingRedis, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._try(lambda: super(ForgivingRedis, self).delete(key, version), False))
