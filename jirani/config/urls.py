"""All addresses. Everything that a person reads stands below a language prefix."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from jirani.newsroom import views as pictures
from jirani.public.views import feeds

urlpatterns = [
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<str:name>", pictures.image_show, name="image_show"),
    path("media/original_images/<str:name>", pictures.original_image_show, name="original_image_show"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
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
