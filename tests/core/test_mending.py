"""An upgrade mends rows that the new checks would refuse: no old row prevents it, and removed values are kept in the audit."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.commitments.models import Commitment, Outcome
from jirani.core.constraints import Check, Once, find_broken, words_of
from jirani.core.enums import AccessMode, Precision
from jirani.events.models import Event, RemovedSession
from jirani.members.models import LocalAuthority, Membership, NetworkRole, Organisation, Person, Tenure
from jirani.plans.models import Activity
from jirani.translation.models import Translation, source_hash
from tests import factories as make
from tests.cast import Cast
from tests.stage import fill, publish
from tests.test_migrations import migrations

pytestmark = pytest.mark.django_db

APPS = ("taxonomy", "members", "forums", "plans", "events", "lessons", "commitments", "newsroom")


#: Columns that had their checks from the beginning: nothing could be wrong in them.
ALWAYS_RIGHT = {"starts_side", "ends_side"}


@cache
def columns(migration: str = "_mend") -> dict[str, set[str]]:
    """The columns of each record at the last migration of its app with this ending. What came later came with its checks and its forms:
    nothing could be wrong in it.
    """
    loader, found = MigrationLoader(None), dict[str, set[str]]()
    for app in APPS:
        for name in [name for name in migrations(app) if name.endswith(migration)][-1:]:
            models = loader.project_state((app, name)).models.items()
            found |= {
                f"{app}.{name}": set(model.fields) - ALWAYS_RIGHT for (label, name), model in models if label == app
            }
    return found


def constraints() -> Iterator[tuple[type[models.Model], Any]]:
    for model in apps.get_models():
        if model._meta.app_label in APPS and model._meta.label_lower in columns():
            yield from ((model, one) for one in model._meta.constraints if isinstance(one, Check | Once))


def without_checks() -> list[str]:
    """Drop the checks from the tables. Returns the SQL that restores them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        back = [str(one.create_sql(model, editor)) for model, one in constraints()]
        for model, one in constraints():
            editor.execute(one.remove_sql(model, editor))
    return back


def mend() -> None:
    """Run what the migrations run."""
    for app in APPS:
        name = next(name for name in migrations(app) if name.endswith("_mend"))
        for operation in import_module(f"jirani.{app}.migrations.{name}").Migration.operations:
            assert isinstance(operation, RunSQL)
            with connection.cursor() as cursor:
                for sql in operation.sql:
                    with suppress(ProgrammingError), transaction.atomic():  # a column that a later migration dropped
                        cursor.execute(str(sql))
    known_to_the_day()


def known_to_the_day() -> None:
    """Enter how exactly days are known, as the migrations do for days that were there before them."""
    Commitment.objects.update(made_precision=Precision.UNKNOWN)
    Outcome.objects.update(observed_precision=Precision.UNKNOWN)
    (operation,) = import_module("jirani.commitments.migrations.0014_known_to_the_day").Migration.operations
    with connection.cursor() as cursor:
        for sql in operation.sql:
            cursor.execute(sql)


def spoil(model: type[models.Model]) -> None:
    """Let the first records of a model say what no check would take, each another way."""
    rows = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    looked_after = {one.field for held, one in constraints() if held is model}
    days: list[str] = []
    for field in model._meta.local_concrete_fields:
        value: Any = ["no"] if field.get_internal_type() == "ArrayField" else "no" if words_of(field) else " "
        if field.name not in looked_after or field.unique or field.name not in columns()[model._meta.label_lower]:
            continue
        if isinstance(field, models.DateField):
            days.append(field.name)
        elif isinstance(field, models.CharField | models.TextField) or words_of(field):
            with suppress(IntegrityError), transaction.atomic():  # an older check may be there already
                model._base_manager.filter(pk__in=rows[:1]).update(**{field.name: value})
    for pk, day in zip(rows if days else [], (date(202, 1, 1), date(9999, 1, 1)), strict=False):
        for some in (days, *([name] for name in days)):
            with suppress(IntegrityError), transaction.atomic():
                model._base_manager.filter(pk=pk).update(**dict.fromkeys(some, day))


def test_whatever_is_wrong_is_mended_and_every_check_then_holds() -> None:
    publish(fill())
    back = without_checks()
    for model in {model for model, _one in constraints()} - {RemovedSession}:  # always right, too
        spoil(model)
    before = Event.objects.count(), Activity.objects.count(), Commitment.objects.count(), Tenure.objects.count()

    mend()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for sql in back:
            cursor.execute(sql)

    assert before == (
        Event.objects.count(),
        Activity.objects.count(),
        Commitment.objects.count(),
        Tenure.objects.count(),
    )


def test_what_is_taken_is_kept_and_nobody_comes_to_hold_more() -> None:
    plan, who = make.plan(make.authority()), make.person()
    without_checks()
    dear = make.activity(plan, budget=Decimal(-5), currency="KES")
    kind = make.activity(plan, budget=Decimal(7), currency=" kes"[1:])
    strange = make.activity(plan, budget=Decimal(7), currency="K3S")
    half = make.authority(latitude=Decimal("1.5"))
    left = Membership.objects.create(
        authority=make.authority(member=False), state="left", joined_on=date(2020, 1, 1), joined_precision="day"
    )
    late = make.commitment(make.organisation(), made_on=date(2025, 1, 1), due_on=date(1990, 1, 1))
    ended = NetworkRole.objects.create(person=who, duty="editor", from_on=date(2020, 1, 1), until_on=date(19, 1, 1))
    nothing = NetworkRole.objects.create(person=who, duty="chief")
    first, second = (make.tenure(who, plan.authority.organisation) for _ in "12")

    mend()

    entries = Entry.objects.filter(verb__endswith=".mend")
    kept = {(entry.content_type.model, entry.object_id): entry.details for entry in entries}
    assert [kept["activity", one.pk] for one in (dear, strange)] == [{"budget": -5}, {"budget": 7, "currency": "K3S"}]
    assert list(Activity.objects.filter(pk__in=[dear.pk, kind.pk, strange.pk]).order_by("pk").values_list("budget", "currency")) == [
        (None, "KES"), (Decimal(7), "KES"), (None, ""),
    ]  # fmt: skip
    assert (LocalAuthority.objects.get(pk=half.pk).latitude, kept["localauthority", half.pk]) == (
        None,
        {"latitude": 1.5, "longitude": None},
    )
    left.refresh_from_db()
    assert (left.left_on, left.left_precision) == (left.updated_at.date(), "by")
    assert (Commitment.objects.get(pk=late.pk).due_on, kept["commitment", late.pk]) == (None, {"due_on": "1990-01-01"})
    today = timezone.localdate()
    assert not NetworkRole.objects.held(today).filter(pk__in=[ended.pk, nothing.pk]).exists()
    assert list(Tenure.objects.held(today).filter(pk__in=[first.pk, second.pk])) == [first]
    assert not {model for model, _pk in kept} & {"tenure", "networkrole"}


def test_what_was_shared_wider_than_its_commitment_is_narrowed(cast: Cast) -> None:
    """As it may have been kept while the forms alone saw to it."""
    made = make.commitment(cast.kwale.organisation, access=AccessMode.NETWORK)
    inner: list[Any] = [make.outcome(made, access=AccessMode.NETWORK), make.outcome(made, access=AccessMode.CLOSED)]
    inner += [make.evidence(made, access=AccessMode.NETWORK)]
    inner += [make.evidence(made, outcome=outcome, access=AccessMode.CLOSED) for outcome in inner[:2]]
    tables = ("commitments_outcome", "commitments_evidence")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE commitments_outcome SET access = 'public' WHERE access = 'network'")
        cursor.execute("UPDATE commitments_evidence SET access = 'public'")
        (operation,) = import_module("jirani.commitments.migrations.0010_mend_access").Migration.operations
        for sql in operation.sql:
            cursor.execute(sql)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for one in inner:
        one.refresh_from_db()
    assert [one.access for one in inner] == ["network", "closed", "network", "network", "closed"]
    kept = Entry.objects.filter(verb="commitments.mend").order_by("pk")
    assert [entry.details for entry in kept] == [{"access": "public"}] * 4 + [{"access": "network"}]
    assert find_broken() == {}


def test_names_of_before_are_kept_as_forms_keep_them_now(cast: Cast) -> None:
    body, event = cast.kwale.organisation, cast.event
    pasted = "Sahel \u00a0 and\u200b\nMagh\u00adreb"
    Organisation.objects.filter(pk=body.pk).update(name=pasted, local_name="میان\u200cرودی")
    Event.objects.filter(pk=event.pk).update(title="L’échange\u00a0: Kwale", place="\u200b")
    Person.objects.filter(pk=cast.participant.pk).update(name="ශ්‍රී  Wije\u2028soorya")
    translated = {
        "content_type": ContentType.objects.get_for_model(Organisation),
        "object_id": body.pk,
        "field": "name",
    }
    for language, source in (("fr", pasted), ("ar", "an older name")):
        Translation.objects.create(
            **translated, language=language, body="Sahel", state="reviewed", source_hash=source_hash(source)
        )

    for app in ("members", "events"):
        (name,) = (name for name in migrations(app) if name.endswith("_tidy_names"))
        (operation,) = import_module(f"jirani.{app}.migrations.{name}").Migration.operations
        operation.code(apps, None)

    body.refresh_from_db()
    event.refresh_from_db()
    cast.participant.refresh_from_db()
    assert (body.name, body.local_name) == ("Sahel and Maghreb", "میان\u200cرودی")
    assert (event.title, event.place) == ("L’échange\u00a0: Kwale", "\u200b")
    assert cast.participant.name == "ශ්‍රී Wije soorya"
    hashes = dict(Translation.objects.filter(object_id=body.pk).values_list("language", "source_hash"))
    assert hashes == {"fr": source_hash("Sahel and Maghreb"), "ar": source_hash("an older name")}
    assert Organisation.objects.called("Sahel and Maghreb").count() == Organisation.objects.called(pasted).count()


def test_every_line_that_somebody_types_is_tidied() -> None:
    """All one-line texts that there were are covered, except our own: addresses, keys, hashes, zones."""
    then = columns("_tidy_names")
    ours = {"slug", "name_key", "local_name_key", "token_hash", "time_zone", "remark"}
    typed = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS and model._meta.app_label != "newsroom"
        for field in model._meta.fields
        if type(field) is models.CharField and not field.choices and (field.max_length or 0) >= 60
        if field.name not in ours and field.name in then.get(model._meta.label_lower, ())
    }
    tidied = set()
    for app in APPS:
        for name in migrations(app):
            if name.endswith("_tidy_names"):
                (operation,) = import_module(f"jirani.{app}.migrations.{name}").Migration.operations
                code = operation.code
                kept = dict(
                    zip(code.__code__.co_freevars, (cell.cell_contents for cell in code.__closure__), strict=True)
                )
                parts = [*kept["lines"].items(), *(kept["people"] or {}).items()]
                tidied |= {f"{app}.{model}.{column}" for model, columns in parts for column in columns}
    assert typed - tidied == {"taxonomy.Goal.title", "taxonomy.Target.title"}, "which are the United Nations'"
