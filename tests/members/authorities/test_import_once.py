"""An import makes each place once, even if it is confirmed repeatedly or by two people at once."""

from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jirani.audit.models import Entry
from jirani.members.models import LocalAuthority, Membership
from tests.cast import assemble
from tests.core.test_races import at_once, client

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/en/local-authorities/import/"
SHEET = "Name,Kind,Country,Membership,Member since\n" + "\n".join(
    f"County {letter},county,KE,member,2019" for letter in "ABCDEF"
)


def looked_at(who: Client) -> dict[str, Any]:
    """Return what the preview of an import sends when it is confirmed."""
    form = who.post(ADDRESS, {"file": SimpleUploadedFile("counties.csv", SHEET.encode())}).context["confirm"]
    return {"packed": form["packed"].value(), "once": form["once"].value()}


def test_confirmed_often_or_by_two_it_makes_each_place_once() -> None:
    cast = assemble()
    before, who = LocalAuthority.objects.count(), client(cast)
    first, second = looked_at(who), looked_at(who)

    answers = at_once(*(partial(client(cast).post, ADDRESS, sent) for sent in [first] * 10 + [second] * 10))

    assert {answer.status_code for answer in answers} == {302}
    assert (LocalAuthority.objects.count() - before, Membership.objects.filter(joined_on="2019-01-01").count()) == (
        6,
        6,
    )
    counts = [entry.details for entry in Entry.objects.filter(verb="members.import").order_by("pk")]
    assert counts == [
        {"added": 6, "changed": 0, "unchanged": 0},
        {"added": 0, "changed": 0, "unchanged": 6},
    ]
    again = looked_at(who)
    assert who.post(ADDRESS, again).status_code == 302
    assert LocalAuthority.objects.count() - before == 6
