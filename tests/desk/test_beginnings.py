"""The desk of a network that has only begun says what comes first."""

import pytest

from jirani.members.enums import NetworkDuty
from jirani.members.models import Person
from tests import factories as make

from .test_desk import desk

pytestmark = pytest.mark.django_db


def asked(who: Person) -> list[tuple[str, str]]:
    return [(what.partition(":")[0].partition(" from")[0], action) for _, what, _, action in desk(who)["needed"]]


def test_a_coordinator_reads_what_comes_first_and_nobody_else_does() -> None:
    coordinator, editor = make.person(), make.person()
    make.duty(coordinator, NetworkDuty.COORDINATOR)
    make.duty(editor, NetworkDuty.EDITOR)

    assert asked(coordinator) == [("Import the local authorities", "Import members")]
    authority = make.authority()
    assert asked(coordinator) == [("Name the first focal points", "People")]
    assert asked(editor) == []
    make.tenure(make.person(), authority.organisation)
    assert asked(coordinator) == []
