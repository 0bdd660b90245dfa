"""Loading the demo network: every table becomes a record in four languages, and a second load changes nothing."""

from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.commitments.actions.reminders import remind_due
from jirani.commitments.models import Commitment, FollowUp, Outcome
from jirani.demo.actions import BadData, is_loaded, load
from jirani.demo.actions.nouns import FILES
from jirani.demo.actions.records import Records
from jirani.demo.enums import DEMO_DOMAIN, DEMO_ROLES, LOADED
from jirani.demo.management.commands.load_demo import Command
from jirani.demo.text import LANGUAGES
from jirani.events.models import Event, Participation, Session
from jirani.forums.models import Priority
from jirani.lessons.actions.telling import wrongly_named
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, Person, standing_of
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsPage
from jirani.plans.enums import Status
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel, Translation

from .models import translatable

pytestmark = pytest.mark.usefixtures("network")

#: The words of which a person's name is made: their role, and where they have it.
ROLES = (
    "Network coordinator",
    "Hub coordinator",
    "Focal point",
    "Forum secretary",
    "Rapporteur",
    "Editor",
    "مترجم",
    "Mwakilishi wa vijana",
    "Afisa kiungo",
    "Pillar lead from civil society",
    "Mtangazaji wa redio",
    "Mwalimu mkuu",
    "Kiongozi wa dini",
    "Mwakilishi wa kikundi cha wanawake",
)


def _texts(record: TranslatableModel, field: str) -> dict[str, str]:
    """Return a field's text in every language that has it, with its state; "own" for the record's own language."""
    kept = Translation.objects.filter(content_type__model=record._meta.model_name, object_id=record.pk, field=field)
    return {record.language: "own", **{row.language: row.state for row in kept}}


# ── Loading ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_table_of_the_files_became_a_record(network: Counter[str]) -> None:
    written = {
        label: apps.get_model(label)._default_manager.count()
        for label in network
        if not label.startswith(("translation.", "newsroom."))
    }
    assert written == {label: network[label] for label in written}
    assert Translation.objects.count() == network["translation.Translation"]
    assert NewsPage.objects.count() == network["newsroom.NewsPage"] * len(LANGUAGES)


def _everything() -> dict[str, list[Any]]:
    return {
        model._meta.label: sorted([str(value) for value in row] for row in model._default_manager.values_list())
        for model in apps.get_models()
        if model._meta.app_label not in {"sessions", "contenttypes"}
    }


def test_a_second_load_changes_nothing() -> None:
    before = _everything()
    load()
    after = _everything()
    assert {label: len(rows) for label, rows in before.items() if after[label] != rows} == {}


def test_the_command_knows_that_it_is_done(capsys: pytest.CaptureFixture[str], django_assert_num_queries: Any) -> None:
    assert is_loaded()
    with django_assert_num_queries(1):
        call_command(Command())
    assert capsys.readouterr().out == "The demo network is loaded.\n"


def test_a_demo_of_former_files_keeps_what_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    """After an upgrade nothing is overwritten, and nothing that was deleted comes back."""
    with transaction.atomic():
        Entry.objects.filter(verb=LOADED).update(details={"digest": "that of other files"})
        LocalAuthority.objects.filter(organisation__slug="mombasa").update(population=1234567)
        Priority.objects.all().delete()
        call_command(Command())

        assert LocalAuthority.objects.get(organisation__slug="mombasa").population == 1234567
        assert Priority.objects.count() == 0
        assert capsys.readouterr().out.startswith(
            "The demo network is loaded, from the files of a former version, and stays"
        )
        transaction.set_rollback(True)


def test_what_a_reviewer_settled_stays() -> None:
    lesson = Lesson.objects.get(title__startswith="Rotate the seats")
    with transaction.atomic():
        kept = Translation.objects.filter(
            object_id=lesson.pk, content_type__model="lesson", field="title", language="sw"
        )
        kept.update(state=TranslationState.REVIEWED, body="Kama mkaguzi alivyosema")
        load()
        assert [row.body for row in kept.all()] == ["Kama mkaguzi alivyosema"]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"key": "x", "colour": "red"}, "Theme x: it has no “colour”"),
        ({"key": "x", "parent": "nowhere"}, "There is no theme “nowhere”."),
    ],
)
def test_a_table_that_cannot_be_loaded_is_named(table: dict[str, Any], sentence: str) -> None:
    theme = dict(FILES)["themes"]["theme"]
    with pytest.raises(BadData) as problem:
        Records().load(theme, table)
    assert str(problem.value) == sentence


# ── Languages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", translatable(), ids=lambda model: model._meta.label)
def test_names_and_titles_stand_in_four_languages(model: type[TranslatableModel]) -> None:
    missing = [
        (str(record), languages)
        for record in model._default_manager.all()
        if getattr(record, field := model.translatable_fields[0])
        and (languages := sorted(set(LANGUAGES) - set(_texts(record, field))))
    ]
    assert missing == []


def test_both_stories_are_told_whole_in_four_languages() -> None:
    slugs = ("kenya-exchange-2021", "kenya-exchange-follow-up-2021", "africa-summit-2021")
    events = Event.objects.filter(slug__in=slugs)
    lessons = Lesson.objects.filter(event__in=events)
    commitments = Commitment.objects.filter(lesson__in=lessons)
    told: list[TranslatableModel] = [
        *events,
        *Session.objects.filter(event__in=events),
        *lessons,
        *commitments,
        *Outcome.objects.filter(commitment__in=commitments),
    ]
    drafted = dict.fromkeys(LANGUAGES, TranslationState.DRAFTED) | {"en": "own"}
    gaps = [
        (str(record), field)
        for record in told
        for field in record.translatable_fields
        if getattr(record, field) and _texts(record, field) != drafted
    ]
    assert (len(told), gaps) == (33, [])


def test_pages_are_one_text_in_four_languages() -> None:
    for model, slug in (
        (ArticlePage, "africa-summit-and-kenya-exchange"),
        (EventReportPage, "report-kenya-inter-county-exchange"),
    ):
        pages = {page.locale.language_code: page for page in model.objects.filter(slug=slug).select_related("locale")}
        assert {language: str(page.drafted_by) for language, page in pages.items()} == {
            "en": "original",
            "fr": "drafted",
            "ar": "drafted",
            "sw": "drafted",
        }
        assert len({page.translation_key for page in pages.values()}) == 1
        assert len({page.text for page in pages.values()}) == len(LANGUAGES)
    article = ArticlePage.objects.get(slug="africa-summit-and-kenya-exchange", locale__language_code="ar")
    assert 500 <= len(article.text.split()) <= 800
    assert article.minutes >= 3
    assert Page.objects.filter(live=False).count() == 0


# ── People, roles and access ────────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_roles() -> None:
    people = Person.objects.all()
    assert [person.name for person in people if not person.name.startswith(ROLES)] == []
    assert [person.email for person in people if not person.email.endswith(f"@{DEMO_DOMAIN}")] == []


def test_each_role_on_offer_may_do_its_work() -> None:
    users = {key: User.objects.get(email=role.email) for key, role in DEMO_ROLES.items()}
    assert User.objects.count() == len(users)
    assert [user.email for user in users.values() if user.has_usable_password() or user.is_superuser] == []
    standings = {key: standing_of(user) for key, user in users.items()}
    assert [key for key, standing in standings.items() if standing.coordinator] == ["coordinator"]
    assert [key for key, standing in standings.items() if standing.hubs] == ["hub-coordinator"]
    assert [key for key, standing in standings.items() if standing.editor] == ["coordinator", "editor"]
    assert [key for key, standing in standings.items() if standing.translator] == ["coordinator", "translator"]
    focal = [key for key, standing in standings.items() if standing.focal_organisations]
    assert focal == ["focal-kwale", "focal-mombasa"]
    noted = Session.objects.noted_by(users["rapporteur"]).filter(event__slug="kenya-exchange-2021")
    assert noted.count() == Session.objects.filter(event__slug="kenya-exchange-2021").count()
    forums = apps.get_model("forums", "Forum").objects.editable_by(users["secretary"])
    assert [forum.slug for forum in forums] == ["mombasa-forum"]
    coming = Participation.objects.of_person(users["participant"]).filter(event__slug="kenya-exchange-2027")
    assert coming.count() == 1


def test_a_visitor_sees_what_is_public_and_the_roles_see_more() -> None:
    visitor = AnonymousUser()
    inside = User.objects.get(email=DEMO_ROLES["participant"].email)
    member = User.objects.get(email=DEMO_ROLES["focal-kwale"].email)
    hidden = {"members-hour-2026", "closed-roundtable-2026", "internship-visit-2027"}

    def unseen(user: Any) -> set[str]:
        return set(
            Event.objects.exclude(pk__in=Event.objects.visible_to(user).values("pk")).values_list("slug", flat=True)
        )

    assert unseen(visitor) == hidden
    assert unseen(inside) == hidden - {"closed-roundtable-2026"}
    assert unseen(member) == hidden - {"members-hour-2026"}
    modes = set(Lesson.objects.visible_to(visitor).values_list("access", "state"))
    assert modes == {("public", "published")}
    assert Lesson.objects.exclude(access="public", state="published").count() == 3


# ── The chain ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _whole(lesson: Lesson) -> bool:
    """Whether one can go from the event over session and notes to an outcome with evidence, and a plan."""
    return (
        lesson.event is not None
        and lesson.session is not None
        and lesson.notes.exists()
        and Commitment.objects.taken_up()
        .filter(lesson=lesson, activity__isnull=False, adaptations__isnull=False, outcomes__evidence__isnull=False)
        .exists()
    )


def test_no_lesson_tells_more_than_its_notes_allow_and_each_is_of_its_own_session() -> None:
    """Otherwise the nightly check would remove it in a demo's first night."""
    assert [lesson.pk for lesson in Lesson.objects.all() if wrongly_named(lesson)] == []
    strays = Lesson.notes.through.objects.exclude(note__session=F("lesson__session"))
    assert strays.count() == 0


def test_at_least_five_lessons_can_be_followed_to_the_end() -> None:
    whole = [lesson for lesson in Lesson.objects.published() if _whole(lesson)]
    assert len(whole) >= 5
    assert {str(lesson.session.event) for lesson in whole if lesson.session} == {
        str(lesson.event) for lesson in whole if lesson.event
    }


def test_nobody_is_written_to_when_the_network_is_opened() -> None:
    assert FollowUp.objects.filter(due_on__lte=timezone.localdate()).exists()
    assert remind_due(timezone.localdate()) == 0


def test_lessons_came_to_different_ends() -> None:
    public = Lesson.objects.visible_to(AnonymousUser())
    taken = Commitment.objects.visible_to(AnonymousUser())
    applied = public.filter(commitments__in=taken.applied(AnonymousUser())).distinct()
    dropped = taken.dropped()
    untouched = public.exclude(commitments__in=taken)
    only_taken_up = public.filter(commitments__in=taken).exclude(pk__in=applied)
    assert applied.count() >= 5
    assert [commitment.dropped_because != "" for commitment in dropped] == [True]
    assert only_taken_up.count() >= 1
    assert untouched.count() >= 5
    assert Commitment.objects.filter(status=Status.DRAFT).count() == 1
    grown = Outcome.objects.exclude(became=None).get()
    assert str(grown.became) == "Ask each team for one decision at the debrief, not for a report"


def test_tied_commitments_stay_in_their_own_county() -> None:
    tied = Commitment.objects.exclude(activity=None).select_related("activity__objective__pillar__plan__authority")
    strangers = [
        commitment.title
        for commitment in tied
        if commitment.activity is None
        or commitment.activity.objective.pillar.plan.authority.organisation_id != commitment.organisation_id
    ]
    assert strangers == []
