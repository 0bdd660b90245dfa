"""What every page's frame needs: the page's address and the same page in other languages. No query, and nothing that could raise."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jirani.ui.text import language_links


def page(request: HttpRequest) -> dict[str, Any]:
    """`language_links` (this page in each language), `origin` (the network's own address, whatever the request's Host), `network_name`,
    `source_code` and `demo`.

    A view whose address differs by more than the prefix (a Wagtail page) gives its own `language_links` in its context.
    """
    return {
        "language_links": language_links(request.get_full_path()),
        "origin": settings.BASE_URL,
        "network_name": getattr(settings, "NETWORK_NAME", "Jirani"),
        "source_code": getattr(settings, "SOURCE_CODE", ""),
        "demo": bool(getattr(settings, "DEMO", False)),
    }
