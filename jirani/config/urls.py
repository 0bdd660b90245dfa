"""All addresses. Everything that a person reads stands below a language prefix."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from jirani.public.views import feeds, sitemap

urlpatterns = [
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<slug:kind>-<int:part>.xml", sitemap.sitemap_part, name="sitemap_part"),
]
_apps = [
    "ui",
    "accounts",
    "members",
    "forums",
    "plans",
    "events",
    "lessons",
    "commitments",
    "desk",
    "newsroom",
    "public",
    *(["demo"] if settings.DEMO else []),
]
urlpatterns += i18n_patterns(
    *[path("", include(f"jirani.{app}.urls")) for app in _apps if find_spec(f"jirani.{app}.urls")],
    path("news/", include(wagtail_urls)),
)

handler400 = "jirani.ui.views.bad_request"
handler403 = "jirani.ui.views.forbidden"
handler404 = "jirani.ui.views.not_found"
handler500 = "jirani.ui.views.server_error"
