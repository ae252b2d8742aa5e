"""Apple's push service and Google's wallet on this machine: what they check, answer and saw."""

import base64
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

Answer = tuple[int, dict[str, Any]]


@dataclass
class Told:
    """One notification."""

    path: str
    headers: dict[str, str]
    body: bytes
    certificate: str


class ApplePush:
    """Speaks HTTP/2 alone, and only with whoever shows a certificate of the authority in the folder."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Told] = []
        self.answers: dict[str, Answer] = {}  # by push token; 200 unless said otherwise
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "localhost.pem", folder / "localhost.key")
        self.context.load_verify_locations(folder / "authority.pem")
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.set_alpn_protocols(["h2"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.listener.close()

    def _listen(self) -> None:
        with suppress(OSError):  # closed by the test
            while True:
                line, _address = self.listener.accept()
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), self.context.wrap_socket(plain, server_side=True) as line:
            if line.selected_alpn_protocol() == "h2":
                self._speak(line)

    def _speak(self, line: ssl.SSLSocket) -> None:
        shown: Any = line.getpeercert()
        who = dict(part for parts in shown["subject"] for part in parts)["commonName"]
        talk = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        talk.initiate_connection()
        line.sendall(talk.data_to_send())
        open_ones: dict[int, Told] = {}
        while data := line.recv(65_536):
            for event in talk.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers: Any = dict(event.headers)
                    open_ones[event.stream_id] = Told(headers[":path"], headers, b"", who)
                elif isinstance(event, h2.events.DataReceived):
                    open_ones[event.stream_id].body += event.data
                    talk.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    self._answer(talk, event.stream_id, open_ones.pop(event.stream_id))
            line.sendall(talk.data_to_send())

    def _answer(self, talk: Any, stream: int, told: Told) -> None:
        self.told.append(told)
        status, body = self.answers.get(told.path.rsplit("/", 1)[-1], (200, {}))
        talk.send_headers(stream, [(":status", str(status))])
        talk.send_data(stream, json.dumps(body).encode() if body else b"", end_stream=True)


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class GoogleWallet:
    """Gives a token to who signs for it with the key of the certificate, and takes changes for a token."""

    certificate: Path
    answer: int = 200
    claims: list[dict[str, Any]] = field(default_factory=list)
    patches: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        wallet = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                wallet._token(self)

            def do_PATCH(self) -> None:
                wallet._patch(self)

            def log_message(self, *said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _token(self, request: BaseHTTPRequestHandler) -> None:
        head, body, signature = parse_qs(self._body(request).decode())["assertion"][0].split(".")
        public: Any = x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_key()
        public.verify(_plain(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        self.claims.append(json.loads(_plain(body)))
        self._say(request, 200, {"access_token": "ours", "token_type": "Bearer", "expires_in": 3600})

    def _patch(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(self._body(request))
        if request.headers["Authorization"] != "Bearer ours":
            self.refused.append(request.path)
            self._say(request, 401, {})
            return
        self.patches.append((request.path, body))
        self._say(request, self.answer, {})

    def _body(self, request: BaseHTTPRequestHandler) -> bytes:
        return request.rfile.read(int(request.headers["Content-Length"]))

    def _say(self, request: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)
