"""security.txt: where to report a vulnerability, at the address where researchers look for it (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from jirani.core.routes import public, whole_address

#: The RFC recommends less than a year. Whoever reads a copy that is older than this asks again.
GOOD_FOR_DAYS = 180


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact that the network has set, if it has set one."""
    if not settings.SECURITY_CONTACTS:
        raise Http404
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=GOOD_FOR_DAYS)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS]
    lines += [
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _ in settings.LANGUAGES)}",
        f"Canonical: {whole_address(reverse('security_txt'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
