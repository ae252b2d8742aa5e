"""Passes for the wallets of phones: signed so that OpenSSL agrees, revocable, off until configured."""

import base64
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from loyalty import actions
from loyalty.models import CardMedium, MediumKind, MediumState
from loyalty.wallets.google import SAVE
from orders import finding
from portal.kernel.codes import code_url
from tests.cast import client_of, make_shop
from tests.loyalty.certificates import configure
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def wallets(settings: Any, tmp_path: Path) -> Path:
    """Both wallets, configured with certificates that nobody else trusts."""
    configure(settings, tmp_path)
    return tmp_path


@pytest.fixture
def card(merchant, consumer):
    make_shop(merchant)
    return make_card(merchant, consumer, points=57)


def fetched(card, consumer) -> zipfile.ZipFile:
    """The file as the phone gets it: asked for on the page, then fetched."""
    browser = client_of(consumer, language="en")
    browser.post(f"/me/cards/{card.token}/pass/apple/")
    answer = browser.get(f"/me/cards/{card.token}/pass.pkpass")
    assert answer["Content-Type"] == "application/vnd.apple.pkpass"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def verified(folder: Path) -> Any:
    """What OpenSSL says of the signature over the manifest that lie in the folder."""
    files = ["-in", "signature", "-content", "manifest.json", "-CAfile", "authority.pem"]
    verify = ["openssl", "smime", "-verify", "-inform", "DER", "-binary", "-purpose", "any", *files]
    return subprocess.run(verify, cwd=folder, capture_output=True, check=False)


def test_openssl_agrees_with_the_signature(wallets, card, consumer):
    archive = fetched(card, consumer)
    archive.extractall(wallets)
    verify = [
        "openssl",
        "smime",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "signature",
        "-content",
        "manifest.json",
    ]
    trust = ["-CAfile", "authority.pem", "-purpose", "any", "-binary"]
    said = subprocess.run([*verify, *trust], cwd=wallets, capture_output=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout == archive.read("manifest.json")


def test_openssl_sees_a_changed_manifest(wallets, card, consumer):
    fetched(card, consumer).extractall(wallets)
    manifest = wallets / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"a", b"b"))
    verify = [
        "openssl",
        "smime",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "signature",
        "-content",
        "manifest.json",
    ]
    trust = ["-CAfile", "authority.pem", "-purpose", "any", "-binary"]
    assert subprocess.run([*verify, *trust], cwd=wallets, capture_output=True, check=False).returncode != 0


def test_the_manifest_names_every_file_and_its_sum(wallets, card, consumer):
    archive = fetched(card, consumer)
    sums = json.loads(archive.read("manifest.json"))
    assert set(sums) == set(archive.namelist()) - {"manifest.json", "signature"}
    assert all(hashlib.sha1(archive.read(name)).hexdigest() == sum_ for name, sum_ in sums.items())


def test_the_pass_says_what_the_card_says(wallets, card, consumer):
    archive = fetched(card, consumer)
    told = json.loads(archive.read("pass.json"))
    medium = CardMedium.objects.get()
    assert (told["passTypeIdentifier"], told["teamIdentifier"]) == ("pass.example.corner", "TEAM123456")
    assert (told["serialNumber"], told["voided"]) == (medium.token, False)
    assert told["barcodes"][0]["message"] == code_url(medium.token)
    assert told["barcodes"][0]["altText"] == card.number_in_groups
    assert told["storeCard"]["headerFields"][0]["value"] == 57
    assert told["backgroundColor"] == "rgb(15, 122, 98)" and told["foregroundColor"] == "rgb(255, 255, 255)"


def test_pictures_have_the_sizes_that_wallets_ask_for(wallets, card, consumer):
    archive = fetched(card, consumer)
    sides = {name: Image.open(archive.open(name)).size for name in archive.namelist() if name.endswith("png")}
    assert (
        sides["icon.png"] == (29, 29)
        and sides["icon@2x.png"] == (58, 58)
        and sides["icon@3x.png"] == (87, 87)
    )
    assert sides["logo.png"][0] <= 160 and sides["logo.png"][1] <= 50


def test_googles_link_carries_a_token_that_the_key_has_signed(wallets, card, consumer):
    browser, page = client_of(consumer, language="en"), f"/me/cards/{card.token}/pass/google/"
    browser.post(page)
    link = next(part for part in browser.get(page).content.decode().split('"') if part.startswith(SAVE))
    head, body, signature = link.removeprefix(SAVE).split(".")
    plain = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))  # noqa: E731
    public: Any = x509.load_pem_x509_certificate((wallets / "pass.pem").read_bytes()).public_key()
    public.verify(plain(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert json.loads(plain(head)) == {"alg": "RS256", "typ": "JWT"}
    claims = json.loads(plain(body))
    thing = claims["payload"]["loyaltyObjects"][0]
    assert (claims["aud"], claims["typ"]) == ("google", "savetowallet")
    assert thing["barcode"]["value"] == code_url(CardMedium.objects.get().token)
    assert (thing["loyaltyPoints"]["balance"]["int"], thing["state"]) == (57, "ACTIVE")


def test_a_card_has_one_pass_of_a_kind_however_often_it_is_asked_for(wallets, card, consumer):
    first = actions.issue_pass(card, MediumKind.APPLE, by=consumer)
    assert actions.issue_pass(card, MediumKind.APPLE, by=consumer) == first
    assert actions.issue_pass(card, MediumKind.GOOGLE, by=consumer) != first
    with pytest.raises(IntegrityError, match="one_pass_of_a_kind_in_use"), transaction.atomic():
        CardMedium.objects.create(
            merchant=card.merchant,
            card=card,
            kind="apple",
            token="X",
            state="linked",
            linked_at=timezone.now(),
        )


def test_a_revoked_pass_is_void_and_the_counter_refuses_its_code(wallets, card, consumer, cashier):
    fetched(card, consumer)
    medium = CardMedium.objects.get()
    look = lambda: finding.find(  # noqa: E731
        card.merchant, medium.token, by=cashier.user, moment=timezone.now(), held=finding.Basket()
    )
    assert look().card == card
    client_of(consumer).post(f"/me/cards/{card.token}/media/{medium.pk}/revoke/")
    medium.refresh_from_db()
    assert medium.state == MediumState.REVOKED
    with pytest.raises(finding.Worthless):
        look()
    answer = client_of(consumer).get(f"/me/cards/{card.token}/pass.pkpass")
    told = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("pass.json"))
    assert told["voided"] is True


def test_without_certificates_there_are_no_passes(card, consumer):
    browser = client_of(consumer)
    for path in ("pass/apple/", "pass/google/", "pass/nokia/", "pass.pkpass"):
        assert browser.get(f"/me/cards/{card.token}/{path}").status_code == 404
    assert browser.post(f"/me/cards/{card.token}/pass/apple/").status_code == 404
    assert not CardMedium.objects.exists()
    assert "/pass/" not in browser.get(f"/me/cards/{card.token}/").content.decode()


def test_where_they_are_configured_the_card_leads_to_them(wallets, card, consumer):
    page = client_of(consumer).get(f"/me/cards/{card.token}/").content.decode()
    assert f"/me/cards/{card.token}/pass/apple/" in page and f"/me/cards/{card.token}/pass/google/" in page


def test_nobody_fetches_anothers_pass(wallets, card, consumer, stranger):
    fetched(card, consumer)
    for path in ("pass/apple/", "pass.pkpass"):
        assert client_of(stranger).get(f"/me/cards/{card.token}/{path}").status_code == 404
