"""A push service on this machine, and the browsers behind it.

It does what RFC 8030 asks: checks who sends (VAPID, RFC 8292), answers 201, and keeps one message
per topic for a browser that is off. The browsers decrypt (RFC 8291) and show one notification per
tag, as ``static/js/sw.js`` does.
"""

import base64
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_vapid_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return b64(key.private_numbers().private_value.to_bytes(32, "big"))


class Keys:
    """What a browser makes when it subscribes."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = b64(point), b64(self.secret)

    def open(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        read: dict[str, Any] = json.loads(plain)
        return read


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def topic(self) -> str:
        return self.headers["topic"]

    def claims(self, public_key: str, now: float | None = None) -> dict[str, Any]:
        """The VAPID token's content, its signature checked against our public key."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        assert parts["k"] == public_key
        assert Vapid02.verify(self.headers["authorization"])
        claims: dict[str, Any] = json.loads(unb64(parts["t"].split(".")[1]))
        assert (now or time.time()) < claims["exp"] < (now or time.time()) + 24 * 3600
        return claims


class PushService:
    """``with PushService() as service:`` listens on a free port and remembers every POST."""

    def __init__(self, *, delay: float = 0.0, answer: Callable[[str], int] | None = None) -> None:
        self.posts: list[Post] = []
        self.delay, self.answer = delay, answer or (lambda path: 201)
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the sender died while it spoke: nothing was posted
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.posts.append(Post(self.path, headers, body, time.time()))
                time.sleep(service.delay)
                self.send_response_only(service.answer(self.path))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None: ...

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:  # the worker on the other end was killed
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "PushService":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def per_topic(self) -> Counter[str]:
        return Counter(post.topic for post in self.posts)

    def kept(self) -> dict[tuple[str, str], Post]:
        """What waits for browsers that are off: the last message of each topic."""
        return {(post.path, post.topic): post for post in self.posts}
