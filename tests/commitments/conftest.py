"""A lesson that can be applied."""

import pytest

from jirani.lessons.models import Lesson
from tests import factories as make
from tests.cast import Cast


@pytest.fixture
def lesson(cast: Cast) -> Lesson:
    return make.lesson("Rotate the seats", event=cast.event, session=cast.session, writer=cast.rapporteur)
