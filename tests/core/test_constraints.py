"""The database checks each record: every word of a list, every day, every required text, whatever wrote it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import translation

from jirani.core.constraints import Check, words_of
from tests.stage import fill, publish


@pytest.fixture(scope="module", autouse=True)
def _stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One stage for all, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish(fill())
        yield
        transaction.set_rollback(True)


#: Apps whose records are not the network's: their texts and days are made by the program.
MADE = {"accounts", "audit", "notifications", "translation", "demo"}


def columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Yield every column of ours with the model of its table."""
    for model in apps.get_models():
        if model.__module__.startswith("jirani."):
            yield from ((model, field) for field in model._meta.local_concrete_fields)


def is_day(field: Any) -> bool:
    return isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)


def refusal(model: Any, **values: Any) -> str:
    """The constraint that refuses these values for any record of the stage; "" if it takes them."""
    rows = model._base_manager.order_by("pk")
    try:
        with transaction.atomic():
            assert model._base_manager.filter(pk=rows.values("pk")[:1]).update(**values) == 1, f"no {model} on stage"
    except IntegrityError as error:
        cause: Any = error.__cause__
        return str(cause.diag.constraint_name)
    return ""


def test_every_word_is_one_of_its_list() -> None:
    listed = [(model, field) for model, field in columns() if words_of(field)]
    wrong = {f: ["no"] if f.get_internal_type() == "ArrayField" else "no" for _m, f in listed}

    taken = [f"{model.__name__}.{f.name}" for model, f in listed if not refusal(model, **{f.name: wrong[f]})]

    assert len(listed) > 50
    assert taken == []


def test_every_day_lies_within_reason() -> None:
    days = [(model, field) for model, field in columns() if is_day(field) and model._meta.app_label not in MADE]
    bad = (date(1, 1, 1), date(202, 3, 4), date(1899, 12, 31), date(2200, 1, 1), date(9999, 12, 31))

    taken = [f"{m.__name__}.{f.name} {day}" for m, f in days for day in bad if not refusal(m, **{f.name: day})]

    assert len(days) > 25
    assert taken == []


def test_every_text_that_must_be_there_says_something() -> None:
    texts = [
        (model, field)
        for model, field in columns()
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not isinstance(field, models.SlugField)
        and not (field.blank or words_of(field) or model._meta.app_label in MADE)
    ]

    taken = [f"{m.__name__}.{f.name}" for m, f in texts for blank in ("", " ") if not refusal(m, **{f.name: blank})]

    assert len(texts) > 40
    assert taken == []


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("members.LocalAuthority", {"latitude": 1, "longitude": None}),
        ("members.LocalAuthority", {"latitude": None, "longitude": 1}),
        ("members.LocalAuthority", {"population_year": 202}),
        ("members.Membership", {"state": "left", "left_on": None}),
        ("members.Membership", {"state": "member", "left_on": date(2022, 1, 1), "left_precision": "day"}),
        ("members.Membership", {"state": "left", "left_on": date(2022, 1, 1), "left_precision": "unknown"}),
        ("members.Grant", {"amount": Decimal("-0.01"), "currency": "KES"}),
        ("members.Grant", {"amount": Decimal(5), "currency": "kes"}),
        ("members.NetworkRole", {"from_on": date(2024, 5, 2), "until_on": date(2024, 5, 1)}),
        ("members.Agreement", {"signed_on": date(2024, 5, 2), "signed_precision": "day", "until_on": date(2024, 5, 1)}),
        ("members.Agreement", {"signed_on": date(2024, 5, 2), "signed_precision": "unknown"}),
        ("forums.Seat", {"from_on": date(2024, 5, 2), "until_on": date(2024, 5, 1)}),
        ("plans.Activity", {"budget": Decimal(-5), "currency": "KES"}),
        ("plans.Activity", {"budget": Decimal(5), "currency": "K3S"}),
        ("plans.Activity", {"status": "dropped", "dropped_because": " "}),
        ("events.Event", {"starts_on": date(2024, 5, 2), "ends_on": date(2025, 5, 4)}),
        ("commitments.Commitment", {"made_on": date(2024, 5, 2), "due_on": date(2024, 5, 1)}),
        ("commitments.Commitment", {"status": "dropped", "dropped_because": "\n"}),
    ],
)
def test_facts_that_contradict_each_other_are_refused(label: str, values: dict[str, Any]) -> None:
    assert refusal(apps.get_model(label), **values) != ""


def test_reason_is_not_too_narrow() -> None:
    assert refusal(apps.get_model("members.Agreement"), signed_on=date(1913, 7, 1), signed_precision="day") == ""
    assert refusal(apps.get_model("events.Event"), starts_on=date(2030, 1, 1), ends_on=date(2031, 1, 2)) == ""
    assert refusal(apps.get_model("plans.Activity"), budget=0, currency="XOF") == ""


def test_each_refusal_says_what_to_do_in_every_language() -> None:
    says = [
        one.violation_error_message for m in apps.get_models() for one in m._meta.constraints if isinstance(one, Check)
    ]

    for code in ("fr", "ar", "sw"):
        with translation.override("en"):
            english = list(map(str, says))
        with translation.override(code):
            assert [text for text, other in zip(english, map(str, says), strict=True) if text == other] == []
