"""Both halves of every permission agree, for everybody and every record: the question about one, and the queryset of all.

Where the application asks no question about one record, tests/oracles.py does.
"""

import inspect
from collections.abc import Iterator

import pytest
from django.apps import apps

from jirani.core.permissions import Pair, permission_pairs
from jirani.translation.models import Translation

from . import oracles
from .stage import Stage, fill

assert oracles  # which enters its pairs
#: What somebody keeps the record of is a fact about them; what they may do with it is asked for by other names.
FACTS = {"kept_by"}

pytestmark = pytest.mark.django_db


@pytest.mark.gaps
def test_every_queryset_of_what_a_user_may_do_has_a_question() -> None:
    named = {
        (model, name)
        for model in apps.get_models()
        if model.__module__.startswith("jirani.")
        for name, method in inspect.getmembers(type(model._default_manager.all()), inspect.isfunction)
        if (name == "visible_to" or name.endswith("_by"))
        and list(inspect.signature(method).parameters) == ["self", "user"]
    }

    pairs = {(pair.model, pair.method) for pair in permission_pairs()}
    assert len(pairs) > 30
    alone = {(model.__name__, name) for model, name in named - pairs if name not in FACTS}
    assert alone == set(), "give each a question with @pair, in tests/oracles.py if the application never asks it"


def _name(pair: Pair) -> str:
    return f"{pair.model.__name__}.{pair.method}"


#: There are some thousands of translations on stage: their own pair is asked by the sweep.
PAIRS = [
    pytest.param(pair, marks=pytest.mark.sweep) if pair.model is Translation else pair for pair in permission_pairs()
]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: object) -> Iterator[Stage]:
    """One stage for all pairs, rolled back at the end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield fill()
        transaction.set_rollback(True)


@pytest.mark.parametrize("pair", PAIRS, ids=_name)
def test_both_halves_agree_for_every_role(pair: Pair, stage: Stage) -> None:
    everything = list(pair.model._default_manager.all())
    answers = set()
    for part in stage.cast.users():
        user = stage.cast.users()[part]
        asked = {record.pk for record in everything if pair.question(user, record)}
        found = set(getattr(pair.model._default_manager, pair.method)(user).values_list("pk", flat=True))
        assert asked == found, (
            f"{part}: only the question says yes to {asked - found}, only the queryset to {found - asked}"
        )
        answers.add(frozenset(found))
    assert len(answers) > 1, (
        f"nobody is refused anything by {_name(pair)}, or everybody: put a record on stage about which answers differ (tests/stage/)"
    )


@pytest.mark.parametrize("pair", PAIRS, ids=_name)
def test_whose_account_is_closed_is_a_visitor(pair: Pair, stage: Stage) -> None:
    everything, records = list(pair.model._default_manager.all()), pair.model._default_manager
    users = stage.cast.users()
    visitor = users.pop("visitor")
    shown = set(getattr(records, pair.method)(visitor).values_list("pk", flat=True))
    for part, user in users.items():
        user.is_active = False
        assert set(getattr(records, pair.method)(user).values_list("pk", flat=True)) == shown, part
        assert {record.pk for record in everything if pair.question(user, record)} == shown, part
