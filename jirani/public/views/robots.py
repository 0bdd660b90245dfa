"""robots.txt: what crawlers should leave alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jirani.core.routes import public, whole_address


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone: pages that are not for reading, and lists under every combination of filters."""
    lines = ["User-agent: *"]
    lines += [
        f"Disallow: /{code}/{place}/"
        for code, _ in settings.LANGUAGES
        for place in ("accounts", "desk", "demo", "my-programme")
    ]
    lines += ["Disallow: /cms/", "Disallow: /*?", f"Sitemap: {whole_address(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
