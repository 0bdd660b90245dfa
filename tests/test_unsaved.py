"""People who send a form when they are no longer signed in return to its page, with what they typed."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.forms import BoundField
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from jirani.config.languages import CODES
from jirani.core import unsaved
from jirani.core.routes import Door
from jirani.events.models import Event
from jirani.lessons.models import Note
from jirani.members.models import Person
from tests import factories as make
from tests.reader import tight

from .addresses import addresses, routes
from .cast import Cast, user_of
from .reader import fetched, quiet
from .stage import fill, publish

pytestmark = pytest.mark.django_db

SIGN_IN = "/en/accounts/sign-in/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
KEPT = "What you sent is not saved yet. Sign in, and you will find it in its form again."
LOST = "What you sent was not saved because you were no longer signed in."
BACK = "What you sent is back, but not saved yet. Check it and save it."
AGAIN = "What you sent was not saved because you were no longer signed in. Check this page and send it again."


def signed_in(client: Client, person: Person) -> Client:
    """Sign in in that browser, with whatever it kept."""
    client.force_login(user_of(person), backend=BACKEND)
    client.get("/en/desk/")
    return client


def sign_out(client: Client) -> None:
    """Sign out in another tab of that browser."""
    client.post("/en/accounts/sign-out/")
    assert client.get("/en/desk/").status_code == 302


def said(answer: Any) -> str:
    """Return the last message."""
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


def notices(page: str) -> list[str]:
    return re.findall(r'<div class="notice [^>]*><p>(.*?)</p>', tight(page))


def onward(answer: Any) -> str:
    """Return where signing in leads; a secret address waits in a cookie, which no proxy logs."""
    assert answer.status_code == 302
    if answer["Location"] == SIGN_IN:
        return str(answer.cookies["onward"].value)
    assert answer["Location"].startswith(f"{SIGN_IN}?next="), answer["Location"]
    return str(answer["Location"].removeprefix(f"{SIGN_IN}?next="))


def details(event: Event) -> str:
    return reverse("events:detail_edit", args=[event.slug])


#: A form that posts to its own page, and is not a single button of a list or of the frame.
OWN_FORM = r'<form class="form" method="post"(?![^>]* action=)'


def test_what_was_typed_is_in_the_form_again_and_saved_only_when_it_is_sent_again(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    page = details(cast.event)
    form = client.get(page).context["form"]
    sent = {name: value for name in form.fields if (value := form[name].value()) not in (None, [])}
    sent |= {
        "description": "Zwei Stunden getippt. " * 20,
        "title": "Another title",
        "summary": "Once more.",
        "place": "Kwale",
    }
    sign_out(client)

    refused = client.post(page, sent)
    assert onward(refused) == page
    assert notices(client.get(refused["Location"]).content.decode()) == [KEPT]
    signed_in(client, cast.coordinator)
    back = client.get(page)

    kept = back.context["form"]
    assert (back.status_code, notices(back.content.decode())) == (200, [BACK])
    assert [kept[name].value() for name in ("title", "summary", "description", "version")] == [
        sent[name] for name in ("title", "summary", "description", "version")
    ]
    assert "<title>Error" not in back.content.decode()
    assert not Event.objects.filter(title="Another title").exists()
    assert notices(client.get(page).content.decode()) == [BACK]  # loaded again, as readers do

    saved = client.post(page, sent)
    assert saved.status_code == 302, saved.context["form"].errors
    cast.event.refresh_from_db()
    assert (cast.event.title, cast.event.description) == ("Another title", sent["description"].strip())
    assert notices(client.get(page).content.decode()) == ["The details are saved."]


def test_nobody_else_at_that_computer_reads_it(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    page = details(cast.event)
    client.post(page, {"title": "Told to nobody"})

    signed_in(client, cast.hub_coordinator)
    other = client.get(page)
    assert (other.status_code, notices(other.content.decode())) == (200, [])
    assert "Told to nobody" not in other.content.decode()


def test_whoever_never_signed_in_there_is_told_that_nothing_is_kept(client: Client, cast: Cast) -> None:
    page = details(cast.event)
    refused = client.post(page, {"title": "From nowhere"})

    assert (onward(refused), said(refused)) == (page, LOST)
    assert "unsaved" not in client.cookies
    assert notices(signed_in(client, cast.coordinator).get(page).content.decode()) == []


@pytest.mark.parametrize("cookie", ["owner", "unsaved"])
def test_what_a_browser_makes_up_opens_nothing(client: Client, cast: Cast, cookie: str) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    client.post(details(cast.event), {"title": "Kept"})
    client.cookies[cookie] = "made-up"
    refused = client.post(details(cast.event), {"title": "Kept as well"})

    assert said(refused) == (LOST if cookie == "owner" else KEPT)
    signed_in(client, cast.coordinator)
    client.cookies["unsaved"] = "made-up again"
    assert notices(client.get(details(cast.event)).content.decode()) == []


def test_neither_the_database_nor_the_session_tells_what_was_typed(client: Client, cast: Cast) -> None:
    signed_in(client, cast.rapporteur)
    page = reverse("lessons:note_create", args=[cast.event.slug, cast.session.pk])
    sign_out(client)
    refused = client.post(page, {"text": "Said in confidence", "attribution": "unattributed"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM jirani_cache")
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT session_data FROM django_session")
        sessions = [row[0] for row in cursor.fetchall()]
    keys = cache.get(unsaved._key(unsaved._owner(cast.rapporteur.user), client.cookies["unsaved"].value, page))

    assert keys is not None
    assert [row for row in rows if "confidence" in row or page in row] == []
    assert sessions == []
    signed_in(client, cast.rapporteur)
    assert (refused["Location"], client.cookies["onward"].value) == (SIGN_IN, page), "no proxy logs where to"
    assert "Said in confidence" in client.get(page).content.decode()
    assert Note.objects.filter(text="Said in confidence").count() == 0


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/en/accounts/password/change/", {"oldpassword": "a", "password1": "b", "password2": "b"}),
        ("/en/accounts/again/code/", {"code": "123456"}),
        ("/cms/pages/1/edit/", {"title": "News"}),
    ],
)
def test_of_passwords_codes_and_the_newsroom_nothing_is_kept(
    client: Client, cast: Cast, address: str, sent: dict[str, str]
) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    refused = client.post(address, sent)

    assert (onward(refused), said(refused), "unsaved" in client.cookies) == (address, LOST, False)


def test_what_is_too_long_is_not_kept_and_that_is_said(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    assert said(client.post(details(cast.event), {"description": "x" * (unsaved.MOST + 1)})) == LOST
    assert said(client.post(details(cast.event), {"description": "x" * (unsaved.MOST - 1000)})) == KEPT


def test_signing_out_throws_the_key_away(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    client.post(details(cast.event), {"title": "Kept"})
    signed_in(client, cast.coordinator)
    sign_out(client)

    signed_in(client, cast.coordinator)
    assert notices(client.get(details(cast.event)).content.decode()) == []


def test_one_account_fills_no_more_than_its_places(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    sign_out(client)
    for number in range(unsaved.SLOTS * 3):
        client.post(f"{details(cast.event)}?n={number}", {"title": "Kept"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jirani_cache WHERE length(value) > 100")
        assert cursor.fetchone()[0] <= unsaved.SLOTS


# ── Addresses that take only what forms send ────────────────────────────────────────────────────────────────────────────


def test_a_part_of_a_session_leads_back_to_the_session(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    page = reverse("events:session_edit", args=[cast.event.slug, cast.session.pk])
    target = reverse("events:part_create", args=[cast.event.slug, cast.session.pk])
    guest = cast.event.participations.get(person=cast.participant)
    sign_out(client)

    refused = client.post(
        target, {"participation": guest.pk, "role": "speaker"}, headers={"referer": f"http://testserver{page}?day=1"}
    )
    assert onward(refused) == f"{page}%3Fday%3D1"
    signed_in(client, cast.coordinator)
    back = client.get(f"{page}?day=1")
    part = back.context["part"]
    assert (back.status_code, notices(back.content.decode())) == (200, [AGAIN])
    assert (part["participation"].value(), part["role"].value()) == (str(guest.pk), "speaker")
    assert not cast.session.parts.filter(role="speaker").exists()
    done = client.post(target, {"participation": guest.pk, "role": "speaker"}, follow=True)
    assert notices(done.content.decode()) == ["The person is in the session."]
    assert 'data-keep="session-' in done.content.decode()  # what was typed in the details below stays on the device
    assert cast.session.parts.filter(role="speaker").count() == 1


@pytest.mark.parametrize(
    "came",
    [
        "",
        "http://testserver/",
        "https://elsewhere.example/en/desk/",
        "http://testserver/en/nowhere/",
        "http://[",
        "SELF",
    ],
)
def test_without_a_page_of_ours_it_leads_to_the_one_above(client: Client, cast: Cast, came: str) -> None:
    target = reverse("events:participation_see", args=[cast.event.slug])
    came = f"http://testserver{target}" if came == "SELF" else came

    assert onward(client.post(target, headers={"referer": came} if came else {})) == reverse(
        "events:participation_list", args=[cast.event.slug]
    )
    assert onward(client.get(target)) == reverse("events:participation_list", args=[cast.event.slug])


def test_an_address_that_only_takes_forms_says_so_in_every_language(client: Client, cast: Cast) -> None:
    signed_in(client, cast.coordinator)
    target = reverse("events:participation_see", args=[cast.event.slug])
    heads = {}
    for code in CODES:
        answer = client.get(target.replace("/en/", f"/{code}/"))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
        assert found
        heads[code] = found[1]
        assert f'href="/{code}/events/{cast.event.slug}/participants/"' in answer.content.decode()
    assert heads["en"] == "This cannot be done at this address"
    assert len(set(heads.values())) == len(CODES)
    other = client.post("/en/desk/")
    assert (other.status_code, 'href="/en/desk/">Continue' in other.content.decode()) == (405, True)


@pytest.mark.sweep
def test_each_address_that_answers_405_says_beforehand_that_it_only_takes_forms(client: Client) -> None:
    """So that signing in never leads to it."""
    cast = _whole_stage()
    signed_in(client, cast.coordinator)
    declared = {str(one.name) for _shape, one in routes() if getattr(one.callback, "only_posts", False)}
    with quiet():
        found = {a for a in addresses(user_of(cast.coordinator), whole=False) if fetched(client, a).status_code == 405}
    assert found
    assert [a for a in found if onward(Client().post(a)) in found] == []
    assert len(declared) >= 10


# ── Forms from before somebody signed in anew ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example", ""])
def test_a_form_from_before_signing_in_anew_is_there_again(cast: Cast, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, cast.coordinator)
    page = details(cast.event)
    old = re.search(r'name="csrfmiddlewaretoken" value="(.*?)"', client.get(page).content.decode())
    assert old
    client.cookies["csrftoken"] = "b" * 32  # as signing in, in another tab, sets it
    sent = {"csrfmiddlewaretoken": old[1], "title": "Typed before"}
    answer = client.post(page, sent, headers={"origin": origin} if origin else {})

    if origin != "http://testserver":
        assert answer.status_code == 403
        assert client.get(page).context["form"]["title"].value() != "Typed before"
        return
    assert (answer.status_code, answer["Location"]) == (302, page)
    back = client.get(page)
    assert (notices(back.content.decode()), back.context["form"]["title"].value()) == ([BACK], "Typed before")


# ── Every form ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sweep
@pytest.mark.parametrize("role", ["coordinator", "kwale_focal_point", "rapporteur"])
def test_no_page_saves_what_was_sent_before(role: str) -> None:
    """Each address with a form: sent by nobody, then opened; every text that it takes is there, and no row has changed."""
    person = getattr(_whole_stage(), role)
    tried = set[str]()
    for address in addresses(user_of(person), whole=False):
        name = _name(address)
        with quiet():
            if name and name not in tried and _try(signed_in(Client(), person), person, address):
                tried.add(name)
    assert len(tried) >= 4


def _name(address: str) -> str:
    """Return the view's name if it is for signed-in people and its form is kept."""
    try:
        found = resolve(address)
    except Resolver404:
        return ""
    shut = getattr(found.func, "door", Door.PUBLIC) != Door.PUBLIC
    return found.view_name if shut and not settings.UNKEPT_ADDRESSES.search(address) else ""


def _whole_stage() -> Cast:
    stage = fill()
    publish(stage)
    return stage.cast


def _try(client: Client, person: Person, address: str) -> bool:
    form = _form(fetched(client, address))
    if form is None:
        return False
    sent = {field.html_name: value for field in form if (value := _value(field)) is not None}
    sign_out(client)
    refused = client.post(address, sent)
    signed_in(client, person)
    before = _rows()
    back = client.get(address)
    assert (back.status_code, _rows()) == (200, before), address
    shown = _form(back)
    assert shown is not None, address
    typed = {field.html_name: sent[field.html_name] for field in form if _is_text(field)}
    assert {field.html_name: field.data for field in shown if _is_text(field)} == typed, address
    assert onward(refused).startswith(address), address
    return True


def _form(page: Any) -> Any:
    """Return our form that posts to the page's own address."""
    if page.status_code != 200 or page.context is None or not re.search(OWN_FORM, page.content.decode()):
        return None
    form = page.context.get("form")
    return form if hasattr(form, "submit") else None


def _is_text(field: BoundField) -> bool:
    return type(field.field).__name__ in ("CharField", "PersonNameField")


def _value(field: BoundField) -> str | None:
    value = f"Typed {field.name}" if _is_text(field) else field.value()
    return None if hasattr(field.field, "choices") else "" if value is None else str(value)


def _rows() -> dict[Any, int]:
    """Count all rows; a change also adds an entry of the audit."""
    return {one: one._base_manager.count() for one in apps.get_models() if one.__module__.startswith("jirani.")}


def test_notes_that_were_picked_are_picked_again(client: Client, cast: Cast) -> None:
    notes = [make.note(cast.session, f"Word {number}") for number in range(2)]
    keys, session = {str(note.pk) for note in notes}, [cast.event.slug, cast.session.pk]
    listed, made = (reverse(f"lessons:{name}", args=session) for name in ("note_list", "session_lesson_create"))
    for page, sent in ((listed, {}), (made, {"pick": "1"})):
        signed_in(client, cast.rapporteur)
        sign_out(client)
        client.post(page, sent | {"notes": sorted(keys)})
        back = signed_in(client, cast.rapporteur).get(page).content.decode()
        assert notices(back) == [BACK]
        assert set(re.findall(r'name="notes" value="(\d+)"[^>]* checked', back)) == keys
        assert "Word 0" in back
