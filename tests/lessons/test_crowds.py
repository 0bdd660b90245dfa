"""How many share a speaker's sector is counted twice: in Python for the speaker who chooses, in SQL for lists. Both counts agree."""

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jirani.events.enums import ParticipationState
from jirani.events.models import Participation
from jirani.lessons.actions import open_attributions
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.enums import Sector
from tests import factories as make
from tests.cast import Cast, assemble

from .test_attribution import said

HEALTH, ATTENDED, CONFIRMED = Sector.HEALTH, ParticipationState.ATTENDED, ParticipationState.CONFIRMED
OTHERS = st.lists(
    st.tuples(st.sampled_from([HEALTH, HEALTH, Sector.CIVIL_SOCIETY]), st.sampled_from(ParticipationState)), max_size=6
)


class BothCounts(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(own=st.sampled_from(ParticipationState), others=OTHERS)
    @example(own=CONFIRMED, others=[(HEALTH, CONFIRMED), (HEALTH, CONFIRMED)])
    @example(own=ATTENDED, others=[(HEALTH, ATTENDED), (HEALTH, CONFIRMED), (HEALTH, CONFIRMED)])
    def test_a_sector_is_offered_if_and_only_if_it_is_told(
        self, own: ParticipationState, others: list[tuple[Sector, ParticipationState]]
    ) -> None:
        cast = assemble()
        note = said(cast, crowd=1)
        cast.event.participations.filter(person=cast.participant).update(state=own)
        for sector, state in others:
            make.participation(cast.event, make.person(account=False), sector=sector, state=state)

        offered = Attribution.SECTOR in open_attributions(note)
        Note.objects.filter(pk=note.pk).update(
            attribution=Attribution.SECTOR, sector=HEALTH, attributed_at=timezone.now()
        )
        assert Note.objects.with_crowds().get(pk=note.pk).tells_sector is offered


@pytest.mark.django_db
def test_nobody_makes_no_crowd(cast: Cast) -> None:
    note = make.note(cast.session)
    Participation.objects.filter(event=cast.event).delete()

    assert Note.objects.with_crowds().get(pk=note.pk).crowd == 0  # type: ignore[attr-defined]
