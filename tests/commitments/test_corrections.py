"""Outcomes, evidence and adaptations corrected and taken back, and an outcome that becomes a good practice."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from jirani.audit.models import Entry
from jirani.commitments.actions import edit_commitment
from jirani.commitments.models import Adaptation, Commitment, Evidence, Outcome
from jirani.core.enums import AccessMode
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson
from jirani.plans.enums import Completion, Status
from jirani.translation.models import Translation
from tests import factories as make
from tests.cast import Cast, client_of, user_of

from .pages import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def shown(cast: Cast, lesson: Lesson) -> Commitment:
    return made(cast, lesson, completion=Completion.SUBSTANTIAL)


def page(name: str, record: Any) -> str:
    return reverse(f"commitments:{name}", args=[record.pk])


def file_of(commitment: Commitment, name: str = "", **fields: Any) -> Evidence:
    evidence = Evidence(commitment=commitment, title="Minutes", **fields)
    if name:
        evidence.file.name = name
    else:
        evidence.file.save("minutes.pdf", ContentFile(b"%PDF-1.7\n"), save=False)
    evidence.save()
    return evidence


def parts(commitment: Commitment) -> dict[str, Any]:
    outcome = make.outcome(commitment)
    adaptation = Adaptation.objects.create(commitment=commitment, kept="All", why="Why", language="en")
    return {
        "outcome_edit": outcome,
        "outcome_withdraw": outcome,
        "outcome_evidence_create": outcome,
        "practice_create": outcome,
        "evidence_edit": make.evidence(commitment),
        "evidence_remove": make.evidence(commitment),
        "adaptation_edit": adaptation,
        "adaptation_remove": adaptation,
    }


def test_each_field_of_an_outcomes_form_is_saved(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(shown, observed_on=None)
    supporter = make.organisation("Supporter", country="KE")
    client, address = client_of(cast.kwale_focal_point), page("outcome_edit", outcome)
    form = client.get(address).context["form"]
    typed = {
        "change": "They meet", "significance": "It lasts", "contribution": "The seats", "observed": "2025",
        "substantiated_by": supporter.pk, "access": "network", "language": "fr", "source_url": "https://example.org/seen",
    }  # fmt: skip
    assert set(form.fields) == {*typed, "version"}

    assert client.post(address, typed | {"version": form["version"].value()}).status_code == 302

    opened = client.get(address).context["form"]
    assert {name: opened.initial[name] for name in typed} == typed | {"observed": (date(2025, 1, 1), "year")}


@pytest.mark.sweep
def test_only_those_who_speak_for_the_organisation_correct_it_and_are_led_there(cast: Cast, shown: Commitment) -> None:
    pages = {page(name, record) for name, record in parts(shown).items()}
    read = [f"/en/commitments/{shown.pk}/", f"/en/outcomes/{Outcome.objects.get().pk}/"]
    linked = {address for address in pages if address.endswith(("/edit/", "/new/", "/good-practice/"))}
    may = {"coordinator", "hub_coordinator", "kwale_focal_point"}

    for part, person in cast.people().items():
        client = client_of(person)
        assert {client.get(address).status_code for address in pages} == ({200} if part in may else {404}), part
        bodies = "".join(client.get(address).content.decode() for address in read)
        assert {address for address in pages if f'"{address}"' in bodies} >= (linked if part in may else set()), part
        assert part in may or not [address for address in pages if f'"{address}"' in bodies], part
    assert {client_of(None).get(address).status_code for address in pages} == {302}


def test_an_outcome_is_changed_and_its_evidence_is_shown_no_wider(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(shown, change="Two people", became=make.lesson())
    public, closed = (
        make.evidence(shown, outcome=outcome, access=mode) for mode in (AccessMode.PUBLIC, AccessMode.CLOSED)
    )
    sent = {"change": "Three people", "language": "en", "access": "network", "observed": "2026-10-01"}

    answer = client_of(cast.kwale_focal_point).post(page("outcome_edit", outcome), sent)

    outcome.refresh_from_db()
    assert answer.url == f"/en/outcomes/{outcome.pk}/"  # type: ignore[attr-defined]
    assert (outcome.change, outcome.access, outcome.observed_on) == ("Three people", "network", date(2026, 10, 1))
    assert outcome.became is not None
    assert [each.access for each in Evidence.objects.filter(pk__in=[public.pk, closed.pk]).order_by("pk")] == [
        AccessMode.NETWORK,
        AccessMode.CLOSED,
    ]
    assert Entry.objects.get().verb == "commitments.edit_outcome"


def test_a_commitment_that_is_narrowed_takes_its_outcomes_and_evidence_along(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(shown)
    evidence = make.evidence(shown, outcome=outcome), make.evidence(shown, access=AccessMode.CLOSED)
    shown.access = AccessMode.NETWORK

    edit_commitment(shown, by=user_of(cast.kwale_focal_point))

    outcome.refresh_from_db()
    assert outcome.access == AccessMode.NETWORK
    assert [Evidence.objects.get(pk=each.pk).access for each in evidence] == [AccessMode.NETWORK, AccessMode.CLOSED]


def test_nothing_is_widened_past_what_it_belongs_to(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, access=AccessMode.NETWORK)
    outcome = make.outcome(commitment, access=AccessMode.CLOSED)
    evidence = make.evidence(commitment, outcome=outcome, access=AccessMode.CLOSED)
    client = client_of(cast.kwale_focal_point)

    wide = client.post(page("outcome_edit", outcome), {"change": "Change", "language": "en", "access": "public"})
    wider = client.post(page("evidence_edit", evidence), {"title": "Minutes", "access": "network"})

    assert [list(answer.context["form"].errors) for answer in (wide, wider)] == [["access"], ["access"]]


@pytest.mark.parametrize(
    ("name", "mine", "theirs"),
    [
        ("outcome_edit", {"change": "Mine", "language": "en", "access": "public"}, {"change": "Theirs"}),
        ("evidence_edit", {"title": "Mine", "access": "public"}, {"title": "Theirs"}),
        ("adaptation_edit", {"kept": "Mine", "why": "Why", "language": "en"}, {"kept": "Theirs"}),
    ],
)
def test_two_who_correct_the_same_do_not_overwrite_each_other(
    cast: Cast, shown: Commitment, name: str, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    record = parts(shown)[name]
    client, other = client_of(cast.kwale_focal_point), client_of(cast.hub_coordinator)
    opened = client.get(page(name, record)).context["form"]["version"].value()
    field = next(iter(theirs))

    assert other.post(page(name, record), mine | theirs | {"version": opened}).status_code == 302
    refused = client.post(page(name, record), mine | {"version": opened})

    record.refresh_from_db()
    assert (getattr(record, field), refused.context["form"][field].value()) == ("Theirs", "Mine")


@pytest.mark.parametrize("name", ["outcome_withdraw", "evidence_remove", "adaptation_remove"])
def test_what_was_changed_meanwhile_is_not_taken_back_unseen(cast: Cast, shown: Commitment, name: str) -> None:
    record, client = parts(shown)[name], client_of(cast.kwale_focal_point)
    opened = client.get(page(name, record)).context["form"]["version"].value()
    record.save()

    refused = client.post(page(name, record), {"version": opened})

    assert refused.context["form"].non_field_errors()
    assert type(record).objects.filter(pk=record.pk).exists()
    assert client.post(page(name, record), {"version": refused.context["form"]["version"].value()}).status_code == 302
    assert not type(record).objects.filter(pk=record.pk).exists()


def test_a_withdrawn_outcome_is_gone_everywhere_at_once(cast: Cast, shown: Commitment, lesson: Lesson) -> None:
    outcome = make.outcome(shown, became=make.lesson("A good practice"))
    make.evidence(shown, outcome=outcome)
    make.evidence(shown)
    Translation.objects.create(record=outcome, field="change", language="ar", body="تغيير", state="drafted")
    focal = client_of(cast.kwale_focal_point)

    def told() -> dict[str, int]:
        visitor = Client()
        home, spoken = visitor.get("/en/").context, visitor.get(f"/en/lessons/{lesson.pk}/").context
        authority = visitor.get("/en/local-authorities/kwale/").context
        return {
            "list": len(visitor.get("/en/outcomes/").context["page"].rows),
            "home": len(home["outcomes"]),
            "lesson": len(spoken["outcomes"]) + spoken["reach"].outcomes,
            "practice": len(visitor.get(f"/en/lessons/{outcome.became_id}/").context["grew_from"]),
            "commitment": len(visitor.get(f"/en/commitments/{shown.pk}/").context["outcomes"]),
            "authority": len(authority["outcomes"]),
            "page": int(visitor.get(f"/en/outcomes/{outcome.pk}/").status_code == 200),
        }

    assert told() == {
        "list": 1, "home": 1, "lesson": 2, "practice": 1, "commitment": 1, "authority": 1, "page": 1,
    }  # fmt: skip
    assert focal.post(page("outcome_withdraw", outcome)).url == f"/en/commitments/{shown.pk}/"  # type: ignore[attr-defined]
    assert set(told().values()) == {0}
    shown.refresh_from_db()
    assert (shown.evidence.count(), shown.completion) == (1, Completion.SUBSTANTIAL)
    assert not Translation.objects.filter(object_id=outcome.pk, body="تغيير").exists()


def test_a_file_is_deleted_with_the_last_record_that_shows_it_when_all_is_settled(
    cast: Cast, shown: Commitment, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = file_of(shown)
    second, name = file_of(shown, str(first.file.name)), media / str(first.file.name)
    client = client_of(cast.kwale_focal_point)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("evidence_remove", first))
    assert (name.exists(), Evidence.objects.get()) == (True, second)
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(page("evidence_remove", second))
    assert name.exists(), "what is rolled back must not have lost its file"
    for callback in callbacks:
        callback()
    assert not name.exists()


def test_files_of_a_withdrawn_outcome_go_too(
    cast: Cast, shown: Commitment, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    outcome = make.outcome(shown)
    evidence = file_of(shown, outcome=outcome)

    with django_capture_on_commit_callbacks(execute=True):
        client_of(cast.kwale_focal_point).post(page("outcome_withdraw", outcome))

    assert not (media / str(evidence.file.name)).exists()


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("name", ["evidence_remove", "outcome_withdraw"])
def test_without_its_last_evidence_a_commitment_claims_nothing(
    cast: Cast, shown: Commitment, name: str, last: bool
) -> None:
    outcome = make.outcome(shown)
    evidence = make.evidence(shown, outcome=outcome)
    if not last:
        make.evidence(shown, access=AccessMode.CLOSED)
    client = client_of(cast.kwale_focal_point)
    address = page(name, evidence if name == "evidence_remove" else outcome)

    assert client.get(address).context["last"] is last
    client.post(address)

    shown.refresh_from_db()
    assert shown.completion == (Completion.NO_EVIDENCE if last else Completion.SUBSTANTIAL)
    said = Entry.objects.filter(verb="commitments.set_completion").values_list("details", flat=True)
    assert list(said) == ([{"before": "substantial", "after": "no-evidence"}] if last else [])


def test_a_word_that_claims_nothing_stays_when_evidence_goes(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, completion=Completion.NOT_STARTED)
    evidence, client = make.evidence(commitment), client_of(cast.kwale_focal_point)

    assert client.get(page("evidence_remove", evidence)).context["last"] is False
    client.post(page("evidence_remove", evidence))

    commitment.refresh_from_db()
    assert (commitment.completion, commitment.evidence.count()) == (Completion.NOT_STARTED, 0)


def test_evidence_is_named_better_and_shown_to_fewer(cast: Cast, shown: Commitment) -> None:
    evidence = make.evidence(shown, title="Minuts", link="https://kwale.example.org/minutes")

    client_of(cast.kwale_focal_point).post(page("evidence_edit", evidence), {"title": "Minutes", "access": "closed"})

    evidence.refresh_from_db()
    assert (evidence.title, evidence.access, evidence.link) == (
        "Minutes",
        "closed",
        "https://kwale.example.org/minutes",
    )
    assert Client().get(f"/en/commitments/{shown.pk}/").context["evidence"] == []


def test_evidence_is_added_to_an_outcome(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(shown)
    sent = {"title": "Minutes", "link": "https://kwale.example.org/minutes", "proof_access": "public"}

    client_of(cast.kwale_focal_point).post(page("outcome_evidence_create", outcome), sent)

    assert Evidence.objects.get().outcome == outcome


def test_an_adaptation_is_corrected_and_still_says_something(cast: Cast, shown: Commitment) -> None:
    adaptation = Adaptation.objects.create(commitment=shown, kept="All", why="Why", language="en")
    client = client_of(cast.kwale_focal_point)

    empty = client.post(page("adaptation_edit", adaptation), {"why": "Fewer meetings", "language": "en"})
    client.post(page("adaptation_edit", adaptation), {"changed": "Monthly", "why": "Fewer meetings", "language": "en"})

    adaptation.refresh_from_db()
    assert empty.context["form"].non_field_errors()
    assert (adaptation.kept, adaptation.changed, adaptation.why) == ("", "Monthly", "Fewer meetings")


def test_an_outcome_becomes_a_good_practice_once_and_both_say_so(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(
        shown, change="Three people led", significance="It is theirs", access=AccessMode.NETWORK, language="sw",
        source_url="https://kwale.example.org/", illustrative=True,
    )  # fmt: skip
    client, address = client_of(cast.kwale_focal_point), page("practice_create", outcome)
    form = client.get(address).context["form"]
    begun = {name: form.initial[name] for name in ("kind", "body", "language", "access", "source_url", "authorities")}
    assert begun == {
        "kind": "good-practice",
        "body": "Three people led\n\nIt is theirs",
        "language": "sw",
        "access": "network",
        "source_url": "https://kwale.example.org/",
        "authorities": [cast.kwale.pk],
    }

    sent = begun | {"title": "Let young people lead", "once": "k1"}
    for _ in range(2):
        assert "/publish/" in client.post(address, sent).url  # type: ignore[attr-defined]
    again = client.post(address, sent | {"once": "k2"})
    other = client.post(address, sent | {"kind": "failure", "once": "k3"})

    practice = Lesson.objects.get(title="Let young people lead")
    outcome.refresh_from_db()
    assert (outcome.became, practice.state, practice.kind) == (practice, Publication.DRAFT, LessonKind.GOOD_PRACTICE)
    assert (practice.illustrative, list(practice.authorities.all())) == (True, [cast.kwale])
    assert [bool(answer.context["form"].errors) for answer in (again, other)] == [True, True]
    _both_say_so(cast, client, outcome, practice)


def _both_say_so(cast: Cast, client: Client, outcome: Outcome, practice: Lesson) -> None:
    """A draft is offered to its writer only; once published, each page leads to the other."""
    reader, address = client_of(cast.editor), f"/en/outcomes/{outcome.pk}/"
    publish = reverse("lessons:lesson_publish", args=[practice.pk])
    assert publish in [way for _, way in client.get(address).context["edit_links"]]
    assert (reader.get(address).context["became"], reader.get(address).context["edit_links"]) == (None, [])

    client.post(publish)

    assert reader.get(address).context["became"] == practice
    assert list(reader.get(f"/en/lessons/{practice.pk}/").context["grew_from"]) == [outcome]
    ways = [way for _, way in client.get(address).context["edit_links"]]
    assert [way for way in ways if "practice" in way or "publish" in way] == []


def test_no_practice_is_left_where_the_outcome_cannot_be_tied(cast: Cast, shown: Commitment) -> None:
    outcome = make.outcome(shown, became=make.lesson("First"))
    sent = {"kind": "good-practice", "title": "Second", "body": "Body", "language": "en", "access": "public"}

    refused = client_of(cast.kwale_focal_point).post(page("practice_create", outcome), sent)

    assert refused.context["form"].non_field_errors()
    assert not Lesson.objects.filter(title="Second").exists()


def test_what_became_of_a_dropped_commitment_may_be_corrected_too(cast: Cast, lesson: Lesson) -> None:
    dropped = made(cast, lesson, status=Status.DROPPED, dropped_because="No budget")
    outcome = make.outcome(dropped)

    client_of(cast.kwale_focal_point).post(page("outcome_withdraw", outcome))

    assert not Outcome.objects.exists()
