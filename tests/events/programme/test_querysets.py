"""Who sees and notes which sessions."""

from typing import Any

import pytest

from jirani.events.models import Session
from jirani.events.permissions import can_note_session, can_see_session
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db


def test_who_sees_which_sessions_and_the_list_agrees(cast: Cast) -> None:
    other = make.hub("Other")
    sessions = {
        f"{mode} {inner} {'own' if hub == cast.hub else 'other'} {state}": make.session(
            make.event(access=mode, hub=hub, state=state), access=inner
        )
        for mode, inner in [("public", "public"), ("public", "network"), ("public", "closed"), ("closed", "closed")]
        for hub in (cast.hub, other) for state in ("published", "draft")
    }  # fmt: skip
    guest = make.person("Guest")
    for name in ("public closed other published", "closed closed other published", "public public other draft"):
        make.participation(sessions[name].event, guest)

    def seen(person: Any) -> set[str]:
        user = user_of(person)
        listed = set(Session.objects.visible_to(user).values_list("pk", flat=True))
        asked = {name for name, one in sessions.items() if can_see_session(user, Session.objects.get(pk=one.pk))}
        assert {name for name, one in sessions.items() if one.pk in listed} == asked
        return asked

    shown = {name for name in sessions if name.endswith("published")}
    public = {name for name in shown if name.startswith("public public")}
    network = public | {name for name in shown if name.startswith("public network")}
    own = {name for name in sessions if " own " in name}
    assert seen(cast.coordinator) == set(sessions)
    assert seen(cast.outsider) == public
    assert seen(cast.kwale_focal_point) == network
    assert seen(cast.hub_coordinator) == own | network
    inside = {"public closed other published", "closed closed other published"}
    assert seen(guest) == public | inside
    session = sessions["public public own published"]
    noting = [can_note_session(user_of(one), session) for one in (cast.coordinator, cast.hub_coordinator, guest)]
    assert noting == [True, True, False]
    make.rapporteur(session, guest)
    assert can_note_session(user_of(guest), session) is True
