"""Each side says in its own words what became of a commitment."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jirani.commitments.actions import answer_follow_up, set_completion
from jirani.commitments.enums import Side
from jirani.commitments.models import FollowUp
from jirani.forums.enums import SeatRole
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector, TenureRole
from jirani.plans.enums import Completion
from jirani.plans.models import Activity
from tests import factories as make
from tests.cast import Cast, client_of, user_of

from .pages import made

pytestmark = pytest.mark.django_db


def test_each_side_answers_for_itself(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    civil = make.person("Helper")
    helper = make.organisation("Kwale women's network", sector=Sector.WOMEN)
    make.tenure(civil, helper)
    commitment.supporting.add(helper)
    secretary = make.person("Secretary")
    make.tenure(secretary, make.organisation(), TenureRole.OFFICIAL)
    make.seat(make.forum(cast.kwale), secretary, SeatRole.SECRETARY)
    state, society = (
        FollowUp.objects.create(commitment=commitment, months=3, side=side, due_on=timezone.localdate())
        for side in Side
    )
    everybody = cast.people() | {"civil": civil, "secretary": secretary}

    def who_may(follow_up: FollowUp) -> set[str]:
        address = reverse("commitments:follow_up_answer", args=[follow_up.pk])
        return {part for part, person in everybody.items() if client_of(person).get(address).status_code == 200}

    assert who_may(state) == {"coordinator", "hub_coordinator", "kwale_focal_point"}
    assert who_may(society) == {"coordinator", "civil", "secretary"}


def test_an_answer_leaves_the_commitment_as_it_is(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    ask = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=timezone.localdate())
    address = reverse("commitments:follow_up_answer", args=[ask.pk])

    sent = {"completion": "complete", "words": "Imefanyika", "language": "sw"}
    page = client_of(cast.kwale_focal_point).post(address, sent, follow=True).content.decode()

    assert page.count("The commitment’s own level is said separately") == 1
    ask.refresh_from_db()
    commitment.refresh_from_db()
    assert (ask.completion, ask.words, ask.language) == (Completion.COMPLETE, "Imefanyika", "sw")
    assert ask.answered_on == timezone.localdate()
    assert commitment.completion == Completion.NO_EVIDENCE


def test_an_unknown_word_is_no_completion(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    ask = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=timezone.localdate())

    for act in (
        lambda: set_completion(commitment, completion="great", by=user_of(cast.kwale_focal_point)),
        lambda: answer_follow_up(ask, completion="great", words="", language="en", by=user_of(cast.kwale_focal_point)),
    ):
        with pytest.raises(Exception, match="five completion levels"):
            act()
    assert Activity.objects.count() == 0
