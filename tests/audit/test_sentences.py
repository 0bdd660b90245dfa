"""A form that could not be saved says why; a possible bug of ours is logged."""

import logging

import pytest

from jirani.accounts.models import User
from jirani.audit.actions import GoneMeanwhile, as_sentence

pytestmark = pytest.mark.django_db


def test_what_is_gone_is_said_and_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(User.DoesNotExist) as gone, caplog.at_level(logging.WARNING, "jirani.audit"):
        User.objects.get(email="asha@example.org")
    assert isinstance(as_sentence(gone.value), GoneMeanwhile)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("a record was gone: User.DoesNotExist\n")
    assert "test_sentences.py" in said
    assert as_sentence(ZeroDivisionError()) is None
