"""Every form of the demo is accepted as it is opened and changes nothing: forms accept the demo's data."""

import pytest

from jirani.demo.enums import DEMO_ROLES
from jirani.members.models import Person
from tests.cast import client_of
from tests.reader import quiet
from tests.unchanged import WITHOUT_A_VERSION, Ledger, every_form, send_back

pytestmark = [pytest.mark.usefixtures("network"), pytest.mark.sweep]


def test_every_form_is_accepted_as_it_is() -> None:
    with quiet():
        people = [client_of(Person.objects.get(user__email=role.email), fresh=True) for role in DEMO_ROLES.values()]
        ledger, found = Ledger(), list(every_form(people, whole=True))
        told = [send_back(client, form, ledger) for client, form in found if form.changes]
    assert len(told) > 100
    assert [one for one in told if one] == []
    without = {form.name for _client, form in found if form.says_nothing_of_its_state}
    assert without - set(WITHOUT_A_VERSION) == set(), "each form that changes a record says over which state of it"
