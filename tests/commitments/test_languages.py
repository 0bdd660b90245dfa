"""What is written about a promise knows in which language it was written."""

from datetime import date

import pytest
from django.urls import reverse

from jirani.commitments.models import Milestone
from jirani.core.enums import AccessMode
from jirani.lessons.models import Lesson
from jirani.translation.actions import save_translation
from jirani.translation.models import Translation
from tests import factories as make
from tests.cast import Cast, client_of
from tests.rows import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(cast: Cast) -> Lesson:
    return make.lesson("Rotate the seats", event=cast.event, session=cast.session)


def test_a_milestone_whose_words_stay_keeps_its_translations(cast: Cast, lesson: Lesson) -> None:
    client = client_of(cast.kwale_focal_point)
    commitment = make.commitment(cast.kwale.organisation, lesson=lesson, language="sw")
    for title in ("Barua", "Mkutano"):
        Milestone.objects.create(commitment=commitment, title=title, language="sw")
    letter, meeting = commitment.milestones.order_by("id")
    for step in (letter, meeting):
        save_translation(step, "title", "en", "In English")
    sent = {
        "organisation": cast.kwale.organisation.pk, "title": "Rotate", "language": "sw", "transfer_step": "adapt",
        "access": AccessMode.PUBLIC, "version": commitment.version,
        **rows("milestones", {"title": "Barua", "due_on": "2027-02-01"}, {"title": "Mkutano wa kwanza"}, known=2),
    }  # fmt: skip

    client.post(reverse("commitments:commitment_edit", args=[commitment.pk]), sent)

    steps = {step.title: (step.pk == letter.pk, step.language, step.due_on) for step in commitment.milestones.all()}
    assert steps == {"Barua": (True, "sw", date(2027, 2, 1)), "Mkutano wa kwanza": (False, "sw", None)}
    kept = Translation.objects.filter(content_type__model="milestone").values_list("object_id", flat=True)
    assert list(kept) == [letter.pk]


def test_a_reason_is_asked_for_in_the_language_of_the_commitment(cast: Cast, lesson: Lesson) -> None:
    commitment = make.commitment(cast.kwale.organisation, lesson=lesson)
    client = client_of(cast.kwale_focal_point)
    address = reverse("commitments:commitment_drop", args=[commitment.pk])

    own, other = (client.get(path).context["form"]["because"] for path in (address, address.replace("/en/", "/fr/")))

    assert [field.field.widget.attrs.get("lang") for field in (own, other)] == [None, "en"]
    assert [str(field.help_text).endswith(": anglais.") for field in (own, other)] == [False, True]
