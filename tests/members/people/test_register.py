"""The register of personal data is complete: it lists every field that leads to a person, and all of them can be exported."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.log_actions import log
from wagtail.models import Comment, CommentReply, PageSubscription, Revision
from wagtail.users.models import UserProfile

from jirani.accounts.backends import SessionStore
from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.audit.models import Entry
from jirani.audit.tasks import run_nightly
from jirani.commitments.models import Commitment
from jirani.core.registry import personal_data_register
from jirani.events.models import Event, Participation, SessionPart
from jirani.forums.models import Attendance, Meeting, Seat
from jirani.lessons.models import Lesson, Note
from jirani.members.actions import erase_person, export_person
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, NetworkRole, Person, Tenure
from jirani.newsroom.models import ArticlePage, NewsIndexPage
from jirani.notifications.actions import Letter, queue_letter
from jirani.notifications.models import Message
from jirani.translation.models import Translation, source_hash
from tests import factories as make

pytestmark = pytest.mark.django_db


def leads_to_a_person(field: Any) -> bool:
    return isinstance(field, models.EmailField) or field.related_model in {Person, User}


@pytest.mark.gaps
def test_every_field_that_leads_to_a_person_is_registered() -> None:
    registered = {(entry.model, entry.field) for entry in personal_data_register()}
    found = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if leads_to_a_person(field)
    ]

    assert len(found) > 30
    bare = [f"{model._meta.label}.{name}" for model, name in found if (model, name) not in registered]
    assert bare == [], "say in the model's `personal_data` why each is held and until when"


def test_the_page_shows_what_others_models_keep_under_headings_of_ours(client: Client) -> None:
    page = client.get("/en/personal-data/").content.decode()

    for heading, line in (
        ("Sign-in", "that you are signed in, or have asked for a code"),
        ("Newsroom", "who wrote, changed or uploaded it"),
    ):
        section = page.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
        assert section.count(line) == 1


#: What stands for a link in the export: of each model, where the words of the record are that the link is about.
ABOUT: dict[type[models.Model], Callable[[Any], str]] = {
    Person: lambda it: str(it.email),
    Tenure: lambda it: str(it.organisation.name),
    NetworkRole: lambda it: str(it.hub.name),
    Consent: lambda it: str(it.wording),
    Seat: lambda it: str(it.forum.name),
    Attendance: lambda it: str(it.meeting.title),
    Event: lambda it: str(it.title),
    Participation: lambda it: str(it.event.title),
    SessionPart: lambda it: str(it.session.title),
    Note: lambda it: str(it.text),
    Lesson: lambda it: str(it.title),
    Commitment: lambda it: str(it.title),
    Message: lambda it: str(it.subject),
    Entry: lambda it: str(it.verb),
    Translation: lambda it: str(it.body),
}


def everywhere(person: Person) -> dict[type[models.Model], Any]:
    """Create a record of every registered model about one person, with a unique word in each field."""
    user = person.user
    event = make.event("The event they went to")
    session = make.session(event, "The session they spoke in")
    typed: Any = {"entered_name": "As typed", "entered_email": "typed@example.org", "entered_language": "sw"}
    listed = make.participation(
        event, person, answered_at=timezone.now(), state="declined", declined_from="waitlisted", **typed
    )
    forum = make.forum(make.authority(), name="The forum they sit in")
    seat = make.seat(forum, person, **typed)
    meeting = Meeting.objects.create(forum=forum, title="The meeting they attended", held_on=date(2024, 5, 1))
    duty = make.duty(person, NetworkDuty.HUB_COORDINATOR, make.hub("The hub they coordinate"))
    NetworkRole.objects.filter(pk=duty.pk).update(from_on=date(2001, 1, 2), until_on=date(2002, 3, 4), **typed)
    lesson = make.lesson("The lesson they wrote", writer=person)
    queue_letter("events.invitation", Letter("Its subject", "Its body", "sw"), to="old@example.org", recipient=user)
    made: list[models.Model | None] = [
        person, user, seat, listed, lesson,
        make.tenure(
            person, make.organisation("Their workplace"), title="Their title",
            from_on=date(2003, 1, 2), until_on=date(2004, 3, 4), **typed,
        ),
        NetworkRole.objects.get(pk=duty.pk),
        Consent.objects.create(person=person, purpose="news", wording="Their consent", withdrawn_at=timezone.now()),
        Attendance.objects.create(meeting=meeting, seat=seat),
        make.rapporteur(session, person),
        make.note(session, "The note they said and typed", speaker=person, typist=person),
        make.commitment(make.organisation(), title="The promise they wrote", writer=person),
        Message.objects.get(),
        make.event("The event without a report", report_waived_by=person, report_waived_at=timezone.now()),
        record("tests.act", lesson, by=user),
        Translation.objects.create(
            record=lesson, field="title", language="sw", body="The words they checked", state="reviewed",
            reviewer=user, source_hash=source_hash("x"),
        ),
    ]  # fmt: skip
    return {type(row): row for row in made if row}


@pytest.mark.gaps
def test_all_that_is_registered_can_be_taken_along() -> None:
    person = make.person("Their name", email="their@example.org", sector="health", language="fr")
    User.objects.filter(person=person).update(last_login=timezone.now(), language="ar")
    person = Person.objects.select_related("user").get(pk=person.pk)
    rows = everywhere(person)
    kept = export_person(person, by=person.user)
    text = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False)

    def is_in(model: type[models.Model], name: str) -> bool:
        if (model, name) == (User, "password"):
            return kept["members"]["account"]["password"] is False  # that there is none; a hash is of no use to anybody
        row, field = rows[model], model._meta.get_field(name)
        words = ABOUT[model](row) if field.is_relation else getattr(row, name)
        return json.dumps(words, cls=DjangoJSONEncoder, ensure_ascii=False) in text

    register = [(e.model, e.field) for e in personal_data_register() if e.model.__module__.startswith("jirani.")]
    assert len(register) > 30
    assert [(model.__name__, name) for model, name in register if not is_in(model, name)] == []


# ── What we are built on ────────────────────────────────────────────────────────────────────────────────────────────────

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def their_work(user: User, other: User) -> None:
    """Create a page with versions, comments and a log, an upload, a subscription, an address and two sessions for them,
    and the same for another.
    """
    page = NewsIndexPage.objects.get(locale__language_code="en")
    for who in (user, other):
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        article = page.add_child(
            instance=ArticlePage(title=f"By {who.pk}", slug=f"by-{who.pk}", owner=who, locked_by=who)
        )
        comment = Comment.objects.create(page=article, user=who, text="Is it so?", contentpath="title")
        CommentReply.objects.create(comment=comment, user=who, text="It is")
        article.refresh_from_db()
        article.save_revision(user=who, log_action=True)
        PageSubscription.objects.create(user=who, page=article, comment_notifications=True)
        log(instance=make.organisation(), action="wagtail.edit", user=who)
        Document.objects.create(title="Minutes", uploaded_by_user=who)
        UserProfile.get_for_user(who)
        EmailAddress.objects.create(user=who, email=who.email)
        Authenticator.objects.create(user=who, type="totp", data={"secret": "sealed"})


def rows_of(number: int) -> dict[str, int]:
    """Count the rows of each third-party model that refer to an account, including its key within page versions and sessions."""
    found = {
        f"{model._meta.label}.{field.name}": model._base_manager.filter(**{field.name: number}).count()
        for model in apps.get_models()
        if not model.__module__.startswith("jirani.")
        for field in model._meta.local_concrete_fields
        if field.related_model is User
    }
    held = [json.dumps(content) for content in Revision.objects.values_list("content", flat=True)]
    found["versions"] = sum(
        f'"{name}": {number}{end}' in content
        for content in held
        for name in ("owner", "user", "locked_by")
        for end in ",}"
    )
    found["sessions"] = sum(
        SessionStore().decode(row.session_data).get("_auth_user_id") == str(number) for row in Session.objects.all()
    )
    return {name: count for name, count in found.items() if count}


THEIRS = {
    "account.EmailAddress.user": 1, "mfa.Authenticator.user": 1, "wagtailusers.UserProfile.user": 1, "wagtaildocs.Document.uploaded_by_user": 1,
    "wagtailcore.ModelLogEntry.user": 1, "wagtailcore.Revision.user": 1, "wagtailcore.Page.locked_by": 1,
    "wagtailcore.Page.owner": 1, "wagtailcore.PageLogEntry.user": 2, "wagtailcore.Comment.user": 1,
    "wagtailcore.CommentReply.user": 1, "wagtailcore.PageSubscription.user": 1, "versions": 3, "sessions": 1,
}  # fmt: skip


def test_what_others_models_keep_goes_along_and_goes_away() -> None:
    person, other = (make.person(name) for name in ("Their name", "Another"))
    assert isinstance(person.user, User)
    assert isinstance(other.user, User)
    their_work(person.user, other.user)
    number, stays = person.user.pk, other.user.pk
    assert rows_of(number) == THEIRS

    kept = export_person(person, by=person.user)["members"]
    named = {f"{row['in']}.{row['as']}" for row in kept["elsewhere"]}
    assert named == THEIRS.keys() - {"versions", "sessions"}
    assert len(kept["visits"]) == 1

    before = Revision.objects.count(), ArticlePage.objects.count()
    erase_person(person, by=person.user)
    assert rows_of(number) == {}
    assert rows_of(stays) == THEIRS
    assert (Revision.objects.count(), ArticlePage.objects.count()) == before
    assert ArticlePage.objects.get(slug=f"by-{number}").get_latest_revision_as_object().title == f"By {number}"


def test_sessions_that_are_over_go_by_night(client: Client) -> None:
    client.post("/en/accounts/code/", {"email": "stranger@example.org"})
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    client = Client()
    client.post("/en/accounts/code/", {"email": "another@example.org"})
    assert Session.objects.count() == 2

    assert "accounts.sessions" in run_nightly(timezone.localdate())
    assert Session.objects.get().expire_date > timezone.now()
