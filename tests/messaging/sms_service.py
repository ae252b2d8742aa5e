"""A text message provider on this machine: it checks who sends, and takes each text once."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret between two machines"


def signed(stamp: str, body: bytes) -> str:
    """Its own reckoning of the signature, from the page that describes it."""
    return hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


class SmsService:
    """``statuses`` are answered one after the other, then 202; what is not signed gets 401."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests = 0
        self.texts: dict[str, dict[str, Any]] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = service.take(dict(self.headers.items()), body)
                self.send_response_only(status)
                if status == 429:
                    self.send_header("Retry-After", "90")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/texts"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.requests += 1
        if headers["X-Signature"] != signed(headers["X-Timestamp"], body):
            return 401
        status = self.statuses.pop(0) if self.statuses else 202
        if status == 202:
            said = json.loads(body)
            assert headers["Idempotency-Key"] == said["id"]
            self.texts.setdefault(said["id"], said)
        return status

    def __enter__(self) -> "SmsService":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
