"""A form that could not be saved says why; a possible bug of ours is logged."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from jirani.accounts.models import User
from jirani.audit.actions import (
    GoneMeanwhile,
    as_sentence,
)

pytestmark = pytest.mark.django_db


def test_what_is_gone_is_said_and_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(User.DoesNotExist) as gone, caplog.at_level(logging.WARNING, "jirani.audit"):
        User.objects.get(email="asha@example.org")
    assert isinstance(as_sentence(gone.value), GoneMeanwhile)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("a record was gone: User.DoesNotExist\n")
    assert "test_sentences.py" in said
    assert as_sentence(ZeroDivisionError()) is None


def test_what_the_database_refuses_becomes_a_sentence_and_a_fault_of_ours_does_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = ValidationError("So.")
    gone = "Somebody removed this in the meantime, so nothing has been saved."
    overtaken = "Somebody else saved a related change at the same moment, so yours was not saved. Send it again."

    def refused(error: Exception) -> Any:
        found = as_sentence(error)
        return found and (found.message_dict if hasattr(found, "error_dict") else found.messages)

    def raised(sql: str) -> Exception:
        with (
            pytest.raises((IntegrityError, OperationalError)) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        return caught.value

    assert as_sentence(said) is said
    assert (refused(ObjectDoesNotExist("secret")), "secret" in caplog.text, "a record was gone" in caplog.text) == (
        [gone],
        False,
        True,
    )
    assert [as_sentence(error) for error in (ValueError(), OperationalError("x"), KeyError())] == [None, None, None]

    def state(code: str, kind: str) -> Exception:
        return raised(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}', CONSTRAINT = '{kind}'; END $$")

    assert refused(state("23503", "none_of_ours")) == [gone]
    assert refused(state("23505", "seat_once")) == ["This person holds this role here already."]
    assert refused(state("23505", "none_of_ours")) == [overtaken]
    assert [refused(state(code, "")) for code in ("40001", "40P01", "55P03")] == [[overtaken]] * 3
    assert "the database refused a form: 23503 none_of_ours" in caplog.text
    assert refused(state("53100", "")) is None, "the disk is full: no fault of the form"
    fields = refused(state("23514", "event_in_no_circle"))
    assert fields == {"follow_up_of": ["Choose another event: that one is itself a follow-up of this."]}
