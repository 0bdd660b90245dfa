"""Every address says who may come to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jirani.core.routes import Door

#: Addresses of libraries, guarded by themselves or by a middleware of ours; prefix and who guards it.
FOREIGN = {
    "cms/": "jirani.newsroom.middleware.guard_cms",
    "documents/": "Wagtail: documents of public pages, checked against their collection",
    "en/news/": "Wagtail: live pages; a report asks for its event (EventReportPage.serve)",
}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its whole address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, address)
        else:
            yield address, pattern


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
