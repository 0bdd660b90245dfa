"""Agreements between organisations: recorded by coordinators, shown on their parties' pages, and carried out through commitments."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from jirani.commitments.models import Commitment
from jirani.core.enums import AccessMode, Precision
from jirani.members.models import Agreement, Grant
from tests import factories as make
from tests.cast import Cast, client_of
from tests.rows import rows

pytestmark = pytest.mark.django_db


def fields(cast: Cast, **other: Any) -> dict[str, Any]:
    return {
        "title": "Kwale and Mombasa learn together", "kind": "memorandum", "language": "en", "access": "network",
        "parties": [cast.kwale.organisation_id, cast.mombasa.organisation_id], "signed": "2022-11", "until_on": "", "once": "k1",
    } | other  # fmt: skip


def test_it_is_recorded_once_changed_and_shown_on_the_pages_of_its_parties(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    answers = [client.post("/en/agreements/new/", fields(cast)).status_code for _ in range(2)]
    agreement = Agreement.objects.get()
    assert answers == [302, 302]
    assert (agreement.signed_on, agreement.signed_precision) == (date(2022, 11, 1), Precision.MONTH)

    page = client.get(f"/en/agreements/{agreement.pk}/edit/")
    version = page.context["form"]["version"].value()
    assert page.context["form"]["signed"].value() == "2022-11"
    sent = fields(
        cast, title="Kwale and Mombasa teach each other", version=version, access="public", until_on="2027-11-30"
    )
    assert client.post(f"/en/agreements/{agreement.pk}/edit/", sent).status_code == 302
    assert client.post(f"/en/agreements/{agreement.pk}/edit/", {**sent, "title": "Late"}).status_code == 422
    agreement.refresh_from_db()
    assert (agreement.title, agreement.access, agreement.until_on) == (sent["title"], "public", date(2027, 11, 30))
    assert set(agreement.parties.all()) == {cast.kwale.organisation, cast.mombasa.organisation}
    for slug in ("kwale", "mombasa"):
        assert sent["title"] in client_of(None).get(f"/en/local-authorities/{slug}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"parties": []}, "parties"),
        ({"until_on": "2022-10-31"}, "until_on"),
        ({"signed": "1442-08-12"}, "signed"),
        ({"title": ""}, "title"),
    ],
)
def test_what_makes_no_agreement_is_refused(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    answer = client_of(cast.coordinator).post("/en/agreements/new/", fields(cast, **wrong))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    alone = fields(cast, parties=[cast.kwale.organisation_id])
    answer = client_of(cast.coordinator).post("/en/agreements/new/", alone)
    assert answer.context["form"].errors == {"parties": ["Choose at least two organisations."]}
    assert not Agreement.objects.exists()


def test_network_coordinators_alone_record_them(cast: Cast) -> None:
    agreement = made(cast)
    for address in ("", "new/", f"{agreement.pk}/edit/"):
        opens = {
            part
            for part, person in cast.people().items()
            if client_of(person).get(f"/en/agreements/{address}").status_code == 200
        }
        assert opens == {"coordinator"}
    assert client_of(cast.kwale_focal_point).post("/en/agreements/new/", fields(cast)).status_code == 403
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_with_one_and_with_thirty(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        made(cast)
    client = client_of(cast.coordinator)
    client.get("/ar/agreements/")  # for what a process asks once
    with django_assert_num_queries(7):
        page = client.get("/ar/agreements/")
    assert len(page.context["page"].rows) == min(number, 20)


def made(cast: Cast, *others: Any, **fields: Any) -> Agreement:
    agreement = Agreement.objects.create(kind="memorandum", title="Together", **{"access": AccessMode.PUBLIC} | fields)
    agreement.parties.set(others or [cast.kwale.organisation, cast.mombasa.organisation])
    return agreement


def test_a_commitment_is_made_by_an_agreement_that_its_organisation_signed_and_paid_by_a_grant(cast: Cast) -> None:
    own, strange = made(cast), made(cast, cast.mombasa.organisation, make.organisation())
    grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Neighbours")
    closed = made(cast, cast.mombasa.organisation, make.organisation(), access=AccessMode.CLOSED)
    lesson = make.lesson()
    address = f"/en/lessons/{lesson.pk}/apply/"
    client = client_of(cast.kwale_focal_point)
    form = client.get(address).context["form"]
    assert [key for key, _name in form.fields["agreement"].choices] == ["", own.pk]
    assert [key for key, _name in form.fields["grant"].choices] == ["", grant.pk]
    sent = {
        "organisation": cast.kwale.organisation_id, "title": "Rotate the seats", "language": "en", "transfer_step": "adapt",
        "access": "public", "once": "c1", "grant": grant.pk, **rows("milestones"),
    }  # fmt: skip
    assert client.post(address, {**sent, "agreement": strange.pk}).context["form"].errors.keys() == {"agreement"}
    assert client.post(address, {**sent, "agreement": own.pk}).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.agreement, commitment.grant) == (own, grant)

    Commitment.objects.update(agreement=closed)
    edit = f"/en/commitments/{commitment.pk}/edit/"
    form = client.get(edit).context["form"]
    assert "agreement" not in form.fields, "they do not see it, so it stays"
    assert client.post(edit, {**sent, "version": form["version"].value()}).status_code == 302
    assert Commitment.objects.get().agreement == closed


def test_a_coordinator_may_choose_only_what_the_organisation_signed(cast: Cast) -> None:
    strange = made(cast, cast.mombasa.organisation, make.organisation())
    sent = {
        "organisation": cast.kwale.organisation_id, "title": "Rotate", "language": "en", "transfer_step": "adapt",
        "access": "public", "once": "c1", "agreement": strange.pk, **rows("milestones"),
    }  # fmt: skip
    answer = client_of(cast.coordinator).post(f"/en/lessons/{make.lesson().pk}/apply/", sent)
    assert answer.context["form"].errors == {"agreement": ["Choose an agreement that this organisation signed."]}
