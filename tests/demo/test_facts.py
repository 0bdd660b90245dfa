"""The demo states facts as its sources do, and marks everything that was made up."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Milestone, Outcome
from jirani.core.enums import Precision
from jirani.core.models import Sourced
from jirani.demo.actions.nouns import FILES
from jirani.demo.text import source
from jirani.events.models import Delegation, Event, EventParty, SessionPart
from jirani.forums.models import Attendance, Decision
from jirani.lessons.actions.telling import wrongly_named
from jirani.lessons.models import Lesson
from jirani.members.models import Agreement, Consent, LocalAuthority, Membership, NetworkRole, Person
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Pillar
from jirani.taxonomy.models import Driver, Goal, Target, Theme
from jirani.translation.models import TranslatableModel, Translation

from .models import loaded, marked, sourced, translatable

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

#: Parts of records that are illustrative if their record is, and the field that says so.
WITHIN: dict[type[models.Model], str] = {
    Milestone: "commitment",
    Adaptation: "commitment",
    FollowUp: "commitment",
    Decision: "meeting",
    Attendance: "meeting",
}
#: Rows that tie facts to facts: who came to an event, and what they were there.
LINKS: set[type[models.Model]] = {EventParty, Delegation, SessionPart}
#: The platform's own words; people, who are nothing but roles; an authority, which is as its organisation's source says.
OWN_WORDS: set[type[models.Model]] = {Theme, Driver, Goal, Target, Person, NetworkRole, Consent, LocalAuthority}
#: Words by which a text would say itself that it is illustrative.
SAYS_SO = re.compile(r"illustrat|توضيح|kwa mfano tu|our reading|notre lecture|من قراءتنا|tunavy", re.IGNORECASE)


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


@pytest.mark.parametrize("model", sourced(), ids=lambda model: model._meta.label)
def test_a_record_has_a_source_or_is_illustrative(model: type[models.Model]) -> None:
    neither_or_both = model._default_manager.exclude(
        (models.Q(source_url="") & models.Q(illustrative=True))
        | (~models.Q(source_url="") & models.Q(illustrative=False))
    )
    assert [str(record) for record in neither_or_both] == []


def test_every_model_of_the_demo_has_sources_or_marks_or_is_a_link() -> None:
    models_of_demo = {model for _name, nouns in FILES for model in loaded(nouns)}
    parts: list[set[type[models.Model]]] = [
        {model for model in models_of_demo if issubclass(model, Sourced)},
        {model for model in models_of_demo if model in marked()},
        set(WITHIN),
        LINKS,
        OWN_WORDS,
    ]
    found = [model for part in parts for model in part]
    assert sorted(model._meta.label for model in found) == sorted(model._meta.label for model in models_of_demo)


def test_only_pillars_are_facts_by_the_source_of_what_they_stand_in() -> None:
    facts = [
        str(row)
        for model in marked()
        if model is not Pillar
        for row in model._default_manager.filter(illustrative=False)
    ]
    assert facts == []
    pillars = Pillar.objects.filter(illustrative=False).select_related("plan")
    assert Counter(pillar.plan.slug for pillar in pillars) == {"nakuru-2019": 6, "isiolo-2018": 4}
    assert [str(pillar) for pillar in pillars if pillar.lead_government or pillar.lead_civil_society] == []


@pytest.mark.parametrize("model", WITHIN, ids=lambda model: model._meta.label)
def test_what_has_no_mark_stands_in_what_has_one(model: type[models.Model]) -> None:
    rows = model._default_manager.filter(**{f"{WITHIN[model]}__illustrative": False})
    assert model._default_manager.exists()
    assert [str(row) for row in rows] == []


def test_the_made_up_parts_of_a_sourced_lesson_say_so() -> None:
    parts = ("why_it_works", "what_did_not_work", "what_to_change", "cost", "staff", "mandate", "time_needed")
    facts = Lesson.objects.filter(illustrative=False)
    with_parts = {lesson.pk for lesson in facts if any(getattr(lesson, part) for part in parts)}
    assert len(with_parts) >= 5
    assert with_parts == set(Lesson.objects.filter(details_illustrative=True).values_list("pk", flat=True))
    assert set(facts.values_list("review_level", flat=True)) == {"shared"}


@pytest.mark.parametrize("model", translatable(), ids=lambda model: model._meta.label)
def test_no_text_says_what_a_mark_says(model: type[TranslatableModel]) -> None:
    kept = Translation.objects.filter(content_type__model=model._meta.model_name)
    own = [getattr(record, field) for record in model._default_manager.all() for field in record.translatable_fields]
    assert [body for body in [*own, *kept.values_list("body", flat=True)] if SAYS_SO.search(body)] == []


def test_evidence_is_made_up_with_what_it_proves() -> None:
    links = Evidence.objects.exclude(link="").values_list("link", flat=True)
    assert [link for link in links if not link.startswith("https://county.example/")] == []
    assert [str(made) for made in Commitment.objects.applied(AnonymousUser()).filter(illustrative=False)] == []
    assert [str(outcome) for outcome in Outcome.objects.filter(illustrative=False)] == []


def test_the_year_of_the_memorandum_is_inferred() -> None:
    leg, agreement = (
        Event.objects.get(slug="mombasa-exchange-2018"),
        Agreement.objects.get(kind="memorandum", source_url=source("E2")),
    )
    assert (leg.starts_on.isoformat(), leg.date_precision) == ("2018-11-22", Precision.INFERRED)
    assert (agreement.signed_on, agreement.signed_precision) == (leg.starts_on, Precision.INFERRED)
    assert [made.made_on for made in Commitment.objects.filter(agreement=agreement)] == [None, None]


def test_an_agreement_has_two_parties_and_the_declaration_is_a_commitment() -> None:
    parties = {agreement.title: agreement.parties.count() for agreement in Agreement.objects.all()}
    assert set(parties.values()) == {2}
    declaration = Commitment.objects.get(source_url=source("B5"))
    assert (declaration.agreement, declaration.status, declaration.completion) == (None, "open", "no-evidence")


def test_a_plan_whose_period_is_over_has_ended() -> None:
    over = ActionPlan.objects.filter(until_on__lt=timezone.localdate())
    assert set(over.values_list("slug", "state")) == {
        ("mombasa-2017", PlanState.CLOSED),
        ("mombasa-2022", PlanState.CLOSED),
        ("isiolo-2018", PlanState.CLOSED),
        ("wajir-2018", PlanState.CLOSED),
    }
    assert [plan.slug for plan in over if plan.pillars.filter(objectives__isnull=False).exists()] == []


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
        ("mombasa-2025", "mombasa-2022"),
        ("isiolo-2025", "isiolo-2018"),
        ("kilifi-two-leads", "kilifi-2022"),
        ("lamu-2026", "lamu-2017"),
    }
    exchange = Event.objects.get(slug="kenya-exchange-2021")
    counties = set(exchange.delegations.values_list("authority__organisation__slug", flat=True))
    assert counties == {"nakuru", "kwale", "lamu", "isiolo"}
    follow_up = exchange.follow_ups.get()
    assert (follow_up.kind, follow_up.format) == ("follow-up", "virtual")


def test_no_lesson_tells_more_than_its_notes_allow() -> None:
    """The nightly check would take its cities off."""
    assert [lesson.pk for lesson in Lesson.objects.all() if wrongly_named(lesson)] == []
