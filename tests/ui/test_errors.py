"""Error pages use the language of the address, work without the database, and never fail themselves."""

from http import HTTPStatus

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.test import Client, RequestFactory
from django.utils import translation

from jirani.config.languages import CODES
from jirani.ui import views

#: What pytest-django refuses unless a test asks for it: the database. No test of this file asks.
PAGES = [
    (views.bad_request, 400),
    (views.forbidden, 403),
    (views.not_found, 404),
    (views.throttled, 429),
    (views.server_error, 500),
    (views.csrf_failure, 403),
]


@pytest.mark.parametrize(("view", "status"), PAGES)
@pytest.mark.parametrize("code", CODES)
def test_each_page_speaks_the_language_of_the_address(view: type[HttpResponse], status: int, code: str) -> None:
    request = RequestFactory().get(f"/{code}/nowhere/", headers={"accept-language": "de"})

    with translation.override("en"):
        response = view(request)
        assert translation.get_language() == "en"

    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page


def test_without_a_prefix_the_reader_s_language_is_spoken() -> None:
    response = views.server_error(
        RequestFactory().get("/nowhere/", headers={"accept-language": "de, sw;q=0.8, fr;q=0.5"})
    )

    assert '<html lang="sw" dir="ltr">' in response.content.decode()


def test_a_host_that_is_not_ours_gets_a_page_too() -> None:
    response = Client().get("/ar/", headers={"host": "elsewhere.example"})

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert '<html lang="ar" dir="rtl">' in response.content.decode()


def test_when_templates_fail_there_is_still_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> str:
        raise OSError

    monkeypatch.setattr(loader, "render_to_string", fail)

    response = views.server_error(RequestFactory().get("/en/"))

    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert response.content.decode() == (
        "<!doctype html><title>Something failed on our side</title><h1>Something failed on our side</h1>"
        "<p>Try again in a few minutes.</p>"
    )


def test_the_design_page_shows_itself_to_builders_only(settings: object, rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/en/design/")
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(Http404):
        views.design_detail(request)

    settings.DEMO = True  # type: ignore[attr-defined]
    response = views.design_detail(request)
    assert isinstance(response, HttpResponse)
    page = response.content.decode()

    wrappers = [(code, way, scheme) for code, way in (("en", "ltr"), ("ar", "rtl")) for scheme in ("light", "dark")]
    assert [page.count(f'class="scheme {scheme}" lang="{code}" dir="{way}"') for code, way, scheme in wrappers] == [
        1
    ] * 4
