"""How far others have looked at a lesson: said by those who keep the network's library, of what others wrote."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.lessons.actions import review_lesson
from jirani.lessons.enums import Publication, ReviewLevel
from jirani.members.models import Person
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db


def test_coordinators_and_editors_say_it_of_what_others_published(cast: Cast) -> None:
    lesson = make.lesson(writer=cast.mombasa_focal_point)
    codes = {
        part: client_of(one).get(f"/en/lessons/{lesson.pk}/review/").status_code for part, one in cast.people().items()
    }
    assert codes == {part: 200 if part in {"coordinator", "editor"} else 404 for part in codes}
    assert client_of(None).get(f"/en/lessons/{lesson.pk}/review/").status_code == 302

    def may(person: Person, **fields: Any) -> bool:
        return client_of(person).get(f"/en/lessons/{make.lesson(**fields).pk}/review/").status_code == 200

    assert [may(each, writer=each) for each in (cast.coordinator, cast.editor)] == [False, False]
    assert [may(each, access=AccessMode.CLOSED) for each in (cast.coordinator, cast.editor)] == [True, False]
    assert may(cast.coordinator, state=Publication.DRAFT) is False


def test_readers_see_it_and_find_the_lesson_by_it(cast: Cast, client: Client) -> None:
    lesson, editor = make.lesson("Rotate the chair"), client_of(cast.editor)
    address, page = f"/en/lessons/{lesson.pk}/review/", f"/en/lessons/{lesson.pk}/"
    version = editor.get(address).context["form"]["version"].value()

    answer = editor.post(address, {"review_level": "peer-reviewed", "version": version})
    late = client_of(cast.coordinator).post(address, {"review_level": "inspiring", "version": version})

    lesson.refresh_from_db()
    assert (answer.headers["Location"], late.status_code, lesson.review_level) == (page, 422, ReviewLevel.PEER_REVIEWED)
    entry = Entry.objects.get(verb="lessons.review_lesson")
    assert (entry.actor_id, entry.details) == (cast.editor.user_id, {"before": "shared", "after": "peer-reviewed"})
    shown, own = (one.get(page).content.decode() for one in (client, editor))
    assert ["Peer reviewed" in shown, address in shown, address in own] == [True, False, True]
    found = {level: client.get(f"/en/lessons/?level={level}").content.decode() for level in ReviewLevel.values}
    assert [level for level, text in found.items() if "Rotate the chair" in text] == ["peer-reviewed"]


def test_a_level_that_there_is_not_is_refused(cast: Cast) -> None:
    lesson = make.lesson()
    answer = client_of(cast.editor).post(f"/en/lessons/{lesson.pk}/review/", {"review_level": "best"})

    lesson.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), lesson.review_level) == (
        422,
        ["review_level"],
        "shared",
    )
    with pytest.raises(ValidationError):
        review_lesson(lesson, review_level="best", by=user_of(cast.editor))
