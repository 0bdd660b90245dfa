"""Follow-ups that fall due: whoever may answer is written to, once, in their language."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from jirani.accounts.models import User
from jirani.commitments.actions import drop_commitment
from jirani.commitments.actions.reminders import remind_due
from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, FollowUp
from jirani.members.enums import Sector, TenureRole
from jirani.notifications import registry, tasks
from jirani.notifications.models import Alert, Message
from jirani.plans.enums import Status
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast, assemble, client_of

DUE = date(2026, 3, 1)


def promised(cast: Cast, **fields: object) -> Commitment:
    """Mombasa's promise, supported by a civil-society organisation, asked of both sides on the same day."""
    commitment = make.commitment(cast.mombasa.organisation, title="Rotate the seats", **fields)
    for side in Side:
        FollowUp.objects.create(commitment=commitment, months=3, side=side, due_on=DUE)
    return commitment


def told() -> list[str]:
    return sorted(Message.objects.filter(kind="commitments.follow_up_due").values_list("to", flat=True))


def test_each_side_is_asked_by_those_who_may_answer_it(cast: Cast) -> None:
    commitment = promised(cast)
    helper, gone = make.person("Helper", email="helper@example.org"), make.person("Gone", email="gone@example.org")
    supporter = make.organisation("Supporter", sector=Sector.CIVIL_SOCIETY)
    make.tenure(helper, supporter, TenureRole.OFFICIAL)
    make.tenure(gone, supporter, TenureRole.OFFICIAL, until_on=DUE - timedelta(days=1))
    commitment.supporting.add(supporter)

    assert remind_due(DUE) == 3
    assert told() == ["forum_secretary@example.org", "helper@example.org", "mombasa_focal_point@example.org"]
    government, civil = (commitment.follow_ups.get(side=side).pk for side in (Side.GOVERNMENT, Side.CIVIL_SOCIETY))
    asked = {message.to: message.body for message in Message.objects.all()}
    assert f"/en/follow-ups/{government}/" in asked["mombasa_focal_point@example.org"]
    assert f"/en/follow-ups/{civil}/" not in asked["mombasa_focal_point@example.org"]
    assert f"/en/follow-ups/{civil}/" in asked["helper@example.org"]


def test_once_and_not_before_the_day(cast: Cast) -> None:
    promised(cast)
    assert remind_due(DUE - timedelta(days=1)) == 0
    assert remind_due(DUE) == 2
    assert remind_due(DUE) == remind_due(DUE + timedelta(days=30)) == 0
    assert set(FollowUp.objects.values_list("reminded_on", flat=True)) == {DUE}


def test_several_are_one_message_in_the_readers_language(cast: Cast) -> None:
    cast.mombasa_focal_point.language = "sw"
    cast.mombasa_focal_point.save()
    promised(cast)
    promised(cast)
    remind_due(DUE)
    letter = Message.objects.get(to="mombasa_focal_point@example.org")
    assert letter.language == "sw"
    assert letter.body.count("/sw/follow-ups/") == 2
    assert letter.body.count("Mombasa County") == 2


def test_what_is_answered_dropped_or_a_draft_asks_nobody(cast: Cast) -> None:
    answered, dropped, draft = promised(cast), promised(cast), promised(cast, status=Status.DRAFT)
    answered.follow_ups.update(answered_on=DUE, completion="limited")
    drop_commitment(dropped, because="No money", by=User.objects.get(person=cast.coordinator))
    assert remind_due(DUE) == 0
    assert draft.follow_ups.filter(reminded_on__isnull=True).count() == 2


def test_where_nobody_may_answer_it_waits_for_somebody_who_may(cast: Cast) -> None:
    commitment = make.commitment(make.organisation("Newcomers"), title="Rotate the seats")
    FollowUp.objects.create(commitment=commitment, months=3, side=Side.CIVIL_SOCIETY, due_on=DUE)
    assert remind_due(DUE) == 0
    make.tenure(make.person(email="new@example.org"), commitment.organisation)
    assert remind_due(DUE + timedelta(days=3)) == 1
    assert told() == ["new@example.org"]


def test_where_nobody_may_answer_coordinators_are_told_until_somebody_may(cast: Cast) -> None:
    newcomers = make.organisation("Newcomers")
    save_translation(newcomers, "name", "fr", "Nouveaux", state="reviewed")
    cast.coordinator.language = "fr"
    cast.coordinator.save()
    commitment = make.commitment(newcomers, title="Rotate the seats")
    asked = [FollowUp.objects.create(commitment=commitment, months=3, side=side, due_on=DUE) for side in Side]
    for _ in range(2):
        assert remind_due(DUE) == 0

    (letter,) = Message.objects.filter(kind="notifications.alert")
    assert letter.to == "coordinator@example.org"
    assert "Nouveaux\u202f: 2 suivis" in letter.body
    assert f"/fr/follow-ups/{asked[0].pk}/answer/" in letter.body
    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert "2 follow-ups of Newcomers are due, and nobody may answer them." in page
    assert "nobody may answer" not in client_of(cast.hub_coordinator).get("/en/desk/").content.decode()
    answer = client_of(cast.coordinator).get(f"/en/follow-ups/{asked[0].pk}/answer/")
    assert answer.status_code == 200, "who is told may answer"

    make.tenure(make.person(email="new@example.org"), newcomers)
    assert remind_due(DUE) == 1
    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert "A follow-up of Newcomers is due, and nobody may answer it." in page
    supporter = make.organisation("Ministry", sector=Sector.NATIONAL_GOVERNMENT)
    make.tenure(make.person(email="helper@example.org"), supporter, TenureRole.OFFICIAL)
    commitment.supporting.add(supporter)
    assert remind_due(DUE) == 1
    assert (told(), Alert.objects.open().count()) == (["helper@example.org", "new@example.org"], 0)
    assert Message.objects.filter(kind="notifications.alert").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_write_once() -> None:
    promised(assemble())
    ready, counts = threading.Barrier(2), []

    def work() -> None:
        ready.wait()
        try:
            counts.append(remind_due(DUE))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 2
    assert told() == ["forum_secretary@example.org", "mombasa_focal_point@example.org"]


def test_the_worker_runs_it_and_one_job_does_not_stop_another(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(today: date) -> int:
        raise ValueError("no")

    monkeypatch.setattr(registry, "_jobs", {"a.fails": fail, **registry.jobs()})
    promised(cast)
    tasks.remind()
    assert len(told()) == 2
    assert "a.fails failed and is tried again later: ValueError" in caplog.text


def test_of_many_organisations_coordinators_get_one_letter(cast: Cast) -> None:
    for name in ("Newcomers", "Strangers", "Others"):
        FollowUp.objects.create(
            commitment=make.commitment(make.organisation(name)), months=3, side=Side.GOVERNMENT, due_on=DUE
        )
    for _ in range(2):
        assert remind_due(DUE) == 0

    (letter,) = Message.objects.filter(kind="notifications.alert")
    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert (
        "/en/desk/" in letter.body,
        [name for name in ("Newcomers", "Strangers", "Others") if name not in page],
    ) == (True, [])
