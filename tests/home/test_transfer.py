"""What goes over the line: small, and described for those who only see a line of it."""

import gzip
import re

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


def test_a_page_is_sent_compressed_to_whoever_can_read_that(client):
    plain = client.get("/nearby/")
    packed = client.get("/nearby/", headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "<main" in gzip.decompress(packed.content).decode()


def test_each_page_has_one_description_and_a_shop_its_own(client):
    shop = cast.make_shop(name_en="Lane End Noodles")
    described = r'<meta name="description" content="([^"]+)"'
    (front,) = re.findall(described, client.get("/").content.decode())
    (own,) = re.findall(described, client.get(f"/s/{shop.slug}/").content.decode())
    assert own
    assert own != front
