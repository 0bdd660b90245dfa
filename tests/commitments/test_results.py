"""What became of a commitment: adaptations, completion, outcomes, evidence, and the reason it was dropped."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jirani.commitments.models import Commitment, Evidence, Outcome
from jirani.core.enums import AccessMode
from jirani.lessons.models import Lesson
from jirani.plans.enums import Completion, Status
from tests import factories as make
from tests.cast import Cast, client_of
from tests.pdfs import pdf
from tests.rows import rows

from .pages import made, page

pytestmark = pytest.mark.django_db

PDF = pdf("Amina Haddad")

RESULTS = (
    "commitment_edit", "commitment_publish", "commitment_drop", "adaptation_create", "completion_edit",
    "outcome_create", "evidence_create",
)  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_only_those_who_speak_for_the_organisation_come_to_it(cast: Cast, lesson: Lesson, name: str) -> None:
    address = page(name, made(cast, lesson))
    codes = {part: client_of(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "kwale_focal_point"}
    assert codes == {part: 200 if part in may else 404 for part in codes}
    assert client_of(None).get(address).status_code == 302


@pytest.mark.parametrize("completion", Completion.values)
def test_words_that_claim_something_ask_for_evidence(cast: Cast, lesson: Lesson, completion: str) -> None:
    commitment, client = made(cast, lesson), client_of(cast.kwale_focal_point)
    sent = {"completion": completion, "proof_access": "public"}
    claims = completion in {"limited", "substantial", "complete"}

    answer = client.post(page("completion_edit", commitment), sent)
    assert answer.status_code == (422 if claims else 302)

    shown = sent | {"title": "Minutes", "link": "https://kwale.example.org/minutes"}
    assert client.post(page("completion_edit", commitment), shown).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.completion, Evidence.objects.count()) == (completion, 1)
    assert Commitment.objects.applied(AnonymousUser()).exists() is claims
    assert client.post(page("completion_edit", commitment), sent).status_code == 302


def test_completions_of_a_commitment_and_its_activity_stay_apart(cast: Cast, lesson: Lesson) -> None:
    activity = make.activity(make.plan(cast.kwale), completion=Completion.SUBSTANTIAL)
    commitment, client = made(cast, lesson, activity=activity), client_of(cast.kwale_focal_point)
    shown = {"title": "Minutes", "link": "https://kwale.example.org/minutes", "proof_access": "public"}

    client.post(page("completion_edit", commitment), {"completion": "limited", "close": "on"} | shown)
    activity.refresh_from_db()
    assert activity.completion == Completion.SUBSTANTIAL

    progress = reverse("plans:activity_progress", args=[activity.objective.pillar.plan.slug, activity.pk])
    client.post(progress, {"completion": "complete", "status": "done"})
    commitment.refresh_from_db()
    assert (commitment.completion, commitment.status) == (Completion.LIMITED, Status.DONE)


def test_a_file_is_kept_under_a_name_that_tells_nothing(
    cast: Cast, lesson: Lesson, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    commitment, client = made(cast, lesson), client_of(cast.kwale_focal_point)
    file = SimpleUploadedFile("Amina's minutes.pdf", PDF)

    client.post(page("evidence_create", commitment), {"title": "Minutes", "file": file, "proof_access": "network"})

    evidence = Evidence.objects.get()
    name = str(evidence.file.name)
    stem, _, ending = name.removeprefix("evidence/").partition(".")
    assert (len(stem), ending, evidence.access) == (32, "pdf", AccessMode.NETWORK)
    stored = (tmp_path / name).read_bytes()
    assert (stored[:5], b"Amina" in stored, b"Amina" in PDF) == (b"%PDF-", False, True)


def test_a_form_sent_again_with_another_file_of_the_same_size_says_so(
    cast: Cast, lesson: Lesson, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    commitment, client = made(cast, lesson), client_of(cast.kwale_focal_point)
    address = page("evidence_create", commitment)
    sent = {"title": "Minutes", "proof_access": "network", "once": client.get(address).context["form"]["once"].value()}

    def send(text: bytes) -> int:
        return client.post(address, {**sent, "file": SimpleUploadedFile("minutes.txt", text)}).status_code

    assert [send(text) for text in (b"12 to 3", b"12 to 3", b"21 to 3")] == [302, 302, 422]
    with Evidence.objects.get().file.open() as kept:
        assert kept.read() == b"12 to 3"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"title": "Minutes", "file": SimpleUploadedFile("minutes.pdf", b"<html>")}, "file"),
        ({"title": "Minutes"}, "link"),
        ({"title": "", "link": "https://example.org"}, "title"),
        ({"title": "Minutes", "link": "javascript:alert(1)"}, "link"),
        ({"title": "Minutes", "link": "https://example.org", "proof_access": "public"}, "proof_access"),
    ],
)
def test_evidence_that_shows_nothing_is_refused(cast: Cast, lesson: Lesson, fields: dict[str, Any], fault: str) -> None:
    commitment = made(cast, lesson, access=AccessMode.NETWORK)
    sent = {"proof_access": "network"} | fields

    answer = client_of(cast.kwale_focal_point).post(page("evidence_create", commitment), sent)

    assert list(answer.context["form"].errors) == [fault]
    assert not Evidence.objects.exists()


def test_an_outcome_comes_with_what_shows_it(cast: Cast, lesson: Lesson, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    commitment = made(cast, lesson)
    sent = {
        "change": "Three new people have led a meeting", "language": "en", "access": "public", "once": "k1",
        "observed": "2026-10-01", "title": "Minutes", "proof_access": "public",
    }  # fmt: skip
    sent |= {"link": "https://kwale.example.org/minutes"}
    client, address = client_of(cast.kwale_focal_point), page("outcome_create", commitment)
    again = "Choose the file again: it is not kept while something is wrong."

    refused = client.post(address, sent | {"change": "", "file": SimpleUploadedFile("minutes.pdf", PDF)})
    assert refused.content.decode().count(again) == 2  # in the summary and beside the field
    assert not Outcome.objects.exists()

    for _ in range(2):
        client.post(address, sent | {"file": SimpleUploadedFile("minutes.pdf", PDF)})

    outcome = Outcome.objects.get()
    assert (outcome.commitment, outcome.observed_on) == (commitment, date(2026, 10, 1))
    pieces = [(piece.title, piece.link, piece.kind) for piece in outcome.evidence.order_by("pk")]
    assert pieces == [("Minutes", "https://kwale.example.org/minutes", ""), ("Minutes", "", "PDF")]


@pytest.mark.parametrize("way", ["link", "file"])
def test_what_shows_an_outcome_is_shown_no_wider_than_it(cast: Cast, lesson: Lesson, way: str) -> None:
    client, address = client_of(cast.kwale_focal_point), page("outcome_create", made(cast, lesson))

    def send(proof_access: str) -> Any:
        proof = {"link": "https://example.org"} if way == "link" else {"file": SimpleUploadedFile("minutes.pdf", PDF)}
        sent = {
            "change": "Three new people",
            "language": "en",
            "access": "network",
            "observed": "2026-10-01",
            "once": "k1",
        }
        return client.post(address, sent | {"title": "Minutes", "proof_access": proof_access} | proof)

    assert send("public").context["form"].errors == {
        "proof_access": ["Choose fewer people: evidence is never shared more widely than what it shows."]
    }
    assert not Outcome.objects.exists()
    assert send("network").status_code == 302
    assert [piece.access for piece in Outcome.objects.get().evidence.all()] == ["network"]


def test_an_adaptation_says_something_and_why(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson), client_of(cast.kwale_focal_point)
    empty = client.post(page("adaptation_create", commitment), {"why": "Fewer meetings", "language": "en"})
    assert empty.context["form"].non_field_errors()

    client.post(page("adaptation_create", commitment), {"kept": "All", "why": "Fewer meetings", "language": "en"})
    assert [adaptation.kept for adaptation in commitment.adaptations.all()] == ["All"]


def test_what_became_of_a_draft_is_not_told(cast: Cast, lesson: Lesson) -> None:
    draft, client = made(cast, lesson, status=Status.DRAFT), client_of(cast.kwale_focal_point)
    sent = {
        "kept": "All",
        "why": "Why",
        "language": "en",
        "because": "Why",
        "completion": "not-started",
        "proof_access": "public",
    }

    def faults(name: str) -> list[str]:
        errors = client.post(page(name, draft), sent).context["form"].errors
        return [fault for field in errors.values() for fault in field]

    assert {name: faults(name) for name in ("adaptation_create", "commitment_drop", "completion_edit")} == {
        "adaptation_create": ["Publish the commitment first: a draft has no results to report."],
        "commitment_drop": ["A draft is not a promise yet: there is nothing to drop."],
        "completion_edit": ["Publish the commitment first: a draft has no results to report."],
    }
    draft.refresh_from_db()
    assert (draft.status, draft.completion) == (Status.DRAFT, Completion.NO_EVIDENCE)


def test_a_commitment_is_dropped_with_a_reason(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson), client_of(cast.kwale_focal_point)
    assert client.post(page("commitment_drop", commitment), {"because": " "}).context["form"].errors

    client.post(page("commitment_drop", commitment), {"because": "No budget"})
    commitment.refresh_from_db()
    assert (commitment.status, commitment.dropped_because) == (Status.DROPPED, "No budget")


def test_the_reason_of_whoever_dropped_it_first_stays_until_the_other_has_seen_it(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    address = page("commitment_drop", commitment)
    mine, theirs = client_of(cast.kwale_focal_point), client_of(cast.hub_coordinator)
    opened = mine.get(address).context["form"]["version"].value()
    assert theirs.post(address, {"because": "No budget", "version": opened}).status_code == 302

    refused = mine.post(address, {"because": "No mandate", "version": opened})
    commitment.refresh_from_db()
    assert (refused.status_code, commitment.dropped_because) == (422, "No budget")
    assert mine.get(address).context["form"]["because"].value() == "No budget"

    knowingly = {"because": "No mandate", "version": refused.context["form"]["version"].value()}
    assert mine.post(address, knowingly).status_code == 302
    commitment.refresh_from_db()
    assert commitment.dropped_because == "No mandate"


def test_two_who_change_a_commitment_do_not_overwrite_each_other(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, title="First")
    address = page("commitment_edit", commitment)
    mine, theirs = client_of(cast.kwale_focal_point), client_of(cast.hub_coordinator)
    opened = mine.get(address).context["form"]["version"].value()
    sent = {
        "organisation": cast.kwale.organisation.pk, "language": "en", "transfer_step": "adapt", "access": "public",
        "version": opened, **rows("milestones"),
    }  # fmt: skip
    theirs.post(address, sent | {"title": "Theirs"})

    refused = mine.post(address, sent | {"title": "Mine"})

    commitment.refresh_from_db()
    assert (commitment.title, refused.context["form"]["title"].value()) == ("Theirs", "Mine")
