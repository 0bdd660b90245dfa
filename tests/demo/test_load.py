"""Loading the demo network: what it holds is true or says that it is illustrative, and a second load changes nothing."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page

from jirani.accounts.models import User
from jirani.commitments.actions.reminders import remind_due
from jirani.commitments.models import Commitment, Evidence, FollowUp, Outcome
from jirani.core.enums import Precision, Status
from jirani.core.models import Sourced
from jirani.demo.actions import BadData, is_loaded, load
from jirani.demo.actions.nouns import FILES
from jirani.demo.actions.records import Records
from jirani.demo.enums import DEMO_DOMAIN, DEMO_ROLES
from jirani.demo.management.commands.load_demo import Command
from jirani.demo.text import LANGUAGES, read, source
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, Membership, Person, standing_of
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsPage
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel, Translation

pytestmark = pytest.mark.usefixtures("network")

#: The members' table of the facts: ISO code, point, population, since when and how exactly; None for those that only take part.
FACTS: dict[str, tuple[str, str, str, int | None, tuple[str | None, str] | None]] = {
    "mombasa": ("KE-28", "-4.0547", "39.6636", 1_208_333, ("2015-01-01", "year")),
    "nakuru": ("KE-31", "-0.3072", "36.0723", 2_162_202, ("2021-03-01", "by-month")),
    "kwale": ("KE-19", "-4.1738", "39.4521", 866_820, ("2021-03-01", "by-month")),
    "isiolo": ("KE-09", "0.3546", "37.5822", 268_002, ("2021-03-01", "by-month")),
    "kakamega": ("KE-11", "0.2842", "34.7523", 1_867_579, ("2021-03-25", "day")),
    "mandera": ("KE-24", "3.9373", "41.8569", 867_457, ("2019-12-01", "month")),
    "lamu": ("KE-21", "-2.2717", "40.9020", 143_920, None),
    "kristiansand": ("NO-42", "58.1467", "7.9956", 117_237, (None, "unknown")),
    "cape-town": ("ZA-WC", "-33.9258", "18.4232", 4_772_846, (None, "unknown")),
    "rabat": ("MA-RAB", "34.0133", "-6.8326", None, (None, "unknown")),
    "the-hague": ("NL-ZH", "52.0767", "4.2986", 474_292, (None, "unknown")),
    "masaka": ("UG-105", "-0.3338", "31.7341", 116_600, (None, "unknown")),
    "koboko": ("UG-319", "3.4136", "30.9599", 64_500, None),
    "nebbi": ("UG-310", "2.4783", "31.0889", 41_400, None),
    "dar-es-salaam": ("TZ-02", "-6.8235", "39.2695", 5_383_728, None),
    "athens-ohio": ("US-OH", "39.3292", "-82.1013", 25_044, ("2023-11-01", "month")),
    "damietta": ("EG-DT", "31.4165", "31.8133", 305_920, ("2026-02-01", "by-month")),
    "danilovgrad": ("ME-07", "42.5538", "19.1461", 5_208, (None, "unknown")),
    "peje": ("", "42.6591", "20.2883", 48_962, ("2016-01-01", "month")),
    "gjilan": ("", "42.4605", "21.4699", 51_912, ("2016-01-01", "month")),
    "cair": ("MK-815", "42.0153", "21.4411", 64_773, ("2016-01-01", "month")),
}

#: The words of which a person's name is made: their role, and where they have it.
ROLES = (
    "Network coordinator",
    "Hub coordinator",
    "Focal point",
    "Forum secretary",
    "Rapporteur",
    "Editor",
    "Translator",
    "Interpreter",
    "Youth representative",
    "Pillar lead from civil society",
    "Radio presenter",
    "Head teacher",
    "Faith leader",
    "Women's group representative",
)


def _sourced() -> list[type[models.Model]]:
    """Every model whose records say where they come from, the newsroom's pages among them."""
    found: list[type[models.Model]] = [model for model in apps.get_models() if issubclass(model, Sourced)]
    return [*found, NewsPage]


def _translatable() -> list[type[TranslatableModel]]:
    return [model for model in apps.get_models() if issubclass(model, TranslatableModel)]


def _texts(record: TranslatableModel, field: str) -> dict[str, str]:
    """A field's text in every language that has it, with its state; the record's own is "own"."""
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


# ── Facts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_members_are_as_the_facts_say() -> None:
    known = {}
    for slug in FACTS:
        authority = LocalAuthority.objects.get(organisation__slug=slug)
        membership = Membership.objects.filter(authority=authority, state="member").first()
        since = None
        if membership is not None:
            since = (membership.joined_on and membership.joined_on.isoformat(), str(membership.joined_precision))
        known[slug] = (
            authority.subdivision,
            str(authority.latitude),
            str(authority.longitude),
            authority.population,
            since,
        )
    assert known == FACTS
    members = LocalAuthority.objects.members().values_list("organisation__slug", flat=True)
    assert set(members) == {slug for slug, row in FACTS.items() if row[4] is not None}


def test_what_is_uncertain_of_a_membership_is_said() -> None:
    unconfirmed = Membership.objects.filter(unconfirmed=True).values_list("authority__organisation__slug", flat=True)
    assert list(unconfirmed) == ["danilovgrad"]
    damietta = Membership.objects.get(authority__organisation__slug="damietta")
    assert damietta.remark == "First Egyptian member; announced between September 2025 and February 2026."
    assert damietta.joined_precision == Precision.BY_MONTH
    athens = LocalAuthority.objects.get(organisation__slug="athens-ohio")
    assert (athens.country, athens.latitude) == ("US", Decimal("39.3292"))
    kosovo = LocalAuthority.objects.filter(country="XK").values_list("organisation__name", "subdivision")
    assert sorted(kosovo) == [("Gjilan", ""), ("Pejë", "")]


@pytest.mark.parametrize("model", _sourced(), ids=lambda model: model._meta.label)
def test_a_record_has_a_source_or_is_illustrative(model: type[models.Model]) -> None:
    neither_or_both = model._default_manager.exclude(
        (models.Q(source_url="") & models.Q(illustrative=True))
        | (~models.Q(source_url="") & models.Q(illustrative=False))
    )
    assert [str(record) for record in neither_or_both] == []


def test_evidence_of_facts_is_one_of_the_sources() -> None:
    addresses = {source(key) for key in read("sources")["sources"]}
    facts = Evidence.objects.filter(illustrative=False)
    assert facts.count() == 2
    assert [item.link for item in facts if item.link not in addresses] == []
    shown = Evidence.objects.filter(illustrative=True).exclude(link="")
    assert [item.link for item in shown if not item.link.startswith("https://county.example/")] == []


def test_the_summit_has_three_dated_sessions_and_no_time_zone() -> None:
    summit = Event.objects.get(slug="africa-summit-2021")
    sessions = [(s.held_on and s.held_on.isoformat(), str(s.starts_at), str(s.ends_at)) for s in summit.sessions.all()]
    hours = ("15:00:00", "17:00:00")
    undated = (None, "None", "None")
    assert sorted(sessions, key=str) == sorted(
        [("2021-11-29", *hours), ("2021-12-01", *hours), ("2021-12-03", *hours), undated, undated], key=str
    )
    assert summit.time_zone == ""
    parties = set(summit.parties.values_list("organisation__slug", "role"))
    assert parties == {
        ("strong-cities-network", "organiser"),
        ("strong-cities-network", "host"),
        ("kilindini-alliance", "partner"),
        ("mombasa", "partner"),
    }


def test_plans_take_each_others_place_and_the_exchange_has_its_follow_up() -> None:
    plans = apps.get_model("plans", "ActionPlan").objects.exclude(supersedes=None)
    assert set(plans.values_list("slug", "supersedes__slug")) == {
        ("mombasa-2022", "mombasa-2017"),
        ("kilifi-two-leads", "kilifi-2022"),
        ("lamu-2026", "lamu-2017"),
    }
    exchange = Event.objects.get(slug="kenya-exchange-2021")
    counties = set(exchange.delegations.values_list("authority__organisation__slug", flat=True))
    assert counties == {"nakuru", "kwale", "lamu", "isiolo"}
    follow_up = exchange.follow_ups.get()
    assert (follow_up.kind, follow_up.format) == ("follow-up", "virtual")


# ── Languages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", _translatable(), ids=lambda model: model._meta.label)
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
    coming = Event.objects.of_person(users["participant"]).filter(slug="kenya-exchange-2027")
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
