"""What the forms about people on a list offer, and what they refuse."""

from typing import Any

import pytest

from jirani.events.enums import ParticipationState
from jirani.events.forms import (
    AttendanceForm,
    GuestForm,
    InviteForm,
    ParticipantForm,
    ParticipationForm,
)
from jirani.events.models import Delegation, Event, Participation
from jirani.events.people.forms.participants import delegation_choices
from tests import factories as make
from tests.cast import Cast
from tests.offered import labels

pytestmark = pytest.mark.django_db


def test_what_the_forms_of_people_offer(cast: Cast, coming: Event) -> None:
    mine = Delegation.objects.create(event=coming, authority=cast.kwale)
    other = Delegation.objects.create(event=cast.event, authority=cast.mombasa)
    part = make.listed(coming, "Asha")
    assert delegation_choices(coming) == [(str(mine.pk), "Kwale County")]
    for form in (ParticipantForm(event=coming), ParticipationForm(participation=part)):
        assert labels(form, "delegation") == ["None", "Kwale County"]
        assert labels(form, "sector")[:1] == ["None"]
    assert labels(ParticipantForm(event=coming, delegations=[("1", "Given")]), "delegation") == ["None", "Given"]
    said = {"name": "X", "language": "en", "role": "delegate", "once": "d" * 32}
    faults = [set(ParticipantForm(said | {"delegation": one.pk}, event=coming).errors) for one in (mine, other)]
    assert faults == [set(), {"delegation"}]
    assert "cancelled" not in labels(ParticipationForm(participation=part), "state")
    part.state = ParticipationState.CANCELLED
    assert "cancelled" in labels(ParticipationForm(participation=part), "state")


def test_only_a_rapporteur_keeps_the_record(cast: Cast, coming: Event) -> None:
    part = make.listed(coming, "Asha")

    def wrong(**said: Any) -> set[str]:
        return set(ParticipationForm({"state": "invited", **said}, participation=part).errors)

    rows = [
        ({"role": "speaker"}, set()), ({"role": "speaker", "keeps_record": "on"}, {"keeps_record"}),
        ({"role": "rapporteur", "keeps_record": "on"}, set()), ({"role": "x", "keeps_record": "on"}, {"role"}),
    ]  # fmt: skip
    assert [wrong(**said) for said, _faults in rows] == [faults for _said, faults in rows]


def test_the_form_of_a_guest_asks_for_an_address_if_there_was_one_and_it_is_not_proven(
    cast: Cast, coming: Event
) -> None:
    link, listed = make.listed(coming, "Asha"), make.listed(coming, "Badru", nonce="")
    nobody = make.participation(coming, make.person("X", email="", account=False))

    def email(part: Participation, *, proven: bool = False) -> Any:
        field = GuestForm(participation=part, proven=proven).fields.get("email")
        return field and (field.required, str(field.help_text))

    words = "If you change the address, links sent to the old one stop working."
    assert [email(one) for one in (link, listed, nobody)] == [(True, words), (True, ""), (False, "")]
    assert email(link, proven=True) is None

    def form(**said: str) -> GuestForm:
        return GuestForm(
            {"name": "Asha", "email": "asha@example.org", "language": "en", **said}, participation=link, proven=False
        )

    same, changed, taken = form(), form(name="Asha Mwinyi"), form(email="badru@example.org", name="")
    assert [one.is_valid() for one in (same, changed, taken)] == [True, True, False]
    assert (set(same.facts) - {"version"}, set(changed.facts) - {"version"}) == (set(), {"name"})
    assert set(taken.errors) == {"email", "name"}


def test_who_is_ticked_is_of_this_event(cast: Cast, coming: Event) -> None:
    here, there = make.listed(coming, "Asha"), make.listed(cast.event, "Badru")
    forms = [AttendanceForm({"shown": [one.pk], "present": [one.pk]}, event=coming) for one in (here, there)]
    assert [form.is_valid() for form in forms] == [True, False]
    assert forms[0].facts == {"shown": [here.pk], "present": [here.pk]}
    assert set(forms[1].errors) == {"shown", "present"}
    none, some = InviteForm({}), InviteForm({"shown": [f"{here.pk}-0123", "x-1"]})
    assert ([str(one) for one in none.non_field_errors()], none.is_valid()) == (["Choose at least one person."], False)
    assert (some.is_valid(), some.facts["participations"]) == (True, [here.pk])
