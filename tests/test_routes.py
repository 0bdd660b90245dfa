"""Every address says who may come to it."""

from typing import Any

import pytest
from django.urls import reverse

from jirani.core.routes import Door

from .addresses import FOREIGN, routes


def _door(view: Any) -> Door | None:
    return getattr(view, "door", None)


def test_every_route_declares_its_door() -> None:
    bare = [
        address
        for address, pattern in routes()
        if not address.startswith(tuple(FOREIGN)) and not isinstance(_door(pattern.callback), Door)
    ]
    assert bare == []


@pytest.mark.django_db
def test_signed_in_doors_lead_visitors_to_sign_in(client: Any) -> None:
    plain = [
        address
        for address, pattern in routes()
        if _door(pattern.callback) in {Door.SIGNED_IN, Door.GUARDED} and "<" not in address
    ]
    assert plain, "no address without arguments is guarded: this test tests nothing"
    for address in plain:
        response = client.get(f"/{address}")
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("account_login")), address
