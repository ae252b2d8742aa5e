"""A phone with a pass, and the worker that tells it."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from loyalty.models import WalletPass
from loyalty.wallets import telling
from portal.kernel.events import deliver_due

HOME = "/api/v1/wallet/apple/v1"
KIND = "pass.example.corner"


class Phone:
    """Asks as Apple's phones do, for one pass."""

    def __init__(
        self, held: WalletPass, *, device: str = "d1", token: str = "aa11", secret: str = ""
    ) -> None:
        self.browser, self.device, self.token = Client(), device, token
        self.serial, self.kind = held.medium.token, KIND
        self.headers = {"Authorization": f"ApplePass {secret or held.secret}"}

    @property
    def registration(self) -> str:
        return f"{HOME}/devices/{self.device}/registrations/{self.kind}/{self.serial}"

    def register(self) -> int:
        body = json.dumps({"pushToken": self.token})
        sent = self.browser.post(
            self.registration, body, content_type="application/json", headers=self.headers
        )
        return sent.status_code

    def unregister(self) -> int:
        return self.browser.delete(self.registration, headers=self.headers).status_code

    def changed(self, tag: str = "") -> Any:
        asked = f"?passesUpdatedSince={tag}" if tag else ""
        return self.browser.get(f"{HOME}/devices/{self.device}/registrations/{self.kind}{asked}")

    def newest(self, since: str = "") -> Any:
        headers = self.headers | ({"If-Modified-Since": since} if since else {})
        return self.browser.get(f"{HOME}/passes/{self.kind}/{self.serial}", headers=headers)

    def sees(self) -> dict[str, Any]:
        answer = self.newest()
        assert answer["Content-Type"] == "application/vnd.apple.pkpass"
        read: dict[str, Any] = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("pass.json"))
        return read


def tell() -> int:
    """The worker delivers what happened and, when it is gathered, tells the wallets."""
    deliver_due()
    soon = timezone.now() - timedelta(seconds=1)
    WalletPass.objects.filter(due_at__isnull=False).update(due_at=soon)
    return telling.send_due()
