"""All addresses. Everything that a person reads is below a language prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.views import serve

from jirani.core.routes import made_once
from jirani.newsroom import views as pictures
from jirani.public.views import robots, security, sitemap

from .apps import apps_upwards

_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
urlpatterns = [
    path("cms/login/", _sign_in),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<str:name>", pictures.image_show, name="image_show"),
    path("media/original_images/<str:name>", pictures.original_image_show, name="original_image_show"),
    path(".well-known/security.txt", security.security_txt, name="security_txt"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<slug:kind>-<int:part>.xml", sitemap.sitemap_part, name="sitemap_part"),
]
urlpatterns += i18n_patterns(
    *[path("", include(f"jirani.{app.name}.urls")) for app in apps_upwards(demo=settings.DEMO) if app.has_urls],
    # Leave out Wagtail's own sign-in, which would bypass ours and its limits.
    path("news/_util/login/", _sign_in, name="wagtailcore_login"),
    path("news/", include([re_path(serve_pattern, made_once("cursor")(serve), name="wagtail_serve")])),
)

handler400 = "jirani.ui.views.bad_request"
handler403 = "jirani.ui.views.forbidden"
handler404 = "jirani.ui.views.not_found"
handler429 = "jirani.ui.views.throttled"  # allauth's, after Django's pattern
handler500 = "jirani.ui.views.server_error"
