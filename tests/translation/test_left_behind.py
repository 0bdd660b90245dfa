"""A record's translations are deleted with it."""

import pytest

from jirani.events.actions import delete_session
from jirani.plans.actions import remove_part
from jirani.plans.models import Pillar
from jirani.translation.actions import save_translation
from jirani.translation.models import Translation
from tests import factories as make
from tests.cast import assemble, user_of

pytestmark = pytest.mark.django_db


def test_a_session_or_a_part_of_a_plan_that_goes_leaves_no_translation_behind() -> None:
    cast = assemble()
    by = user_of(cast.coordinator)
    session, plan = make.session(cast.event), make.plan(cast.kwale)
    pillar = Pillar.objects.create(plan=plan, number=1, title="Water")
    kept = make.session(cast.event)
    for record in (session, pillar, kept):
        save_translation(record, "title", "fr", "Titre")

    delete_session(session, by=by)
    remove_part(pillar, by=by)

    left = Translation.objects.filter(body="Titre").values_list("content_type__model", "object_id")
    assert list(left) == [("session", kept.pk)]
