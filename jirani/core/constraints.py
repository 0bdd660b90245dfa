"""Rules that the database itself enforces, and the sentence for each refusal.

`@checked` gives a model the checks that follow from its fields: a word of a list is one of the list, a required text says
something, a day lies within reason, and a day and its precision go together. `Check` is one more, for what only the model knows.

A check that compares with NULL is neither true nor false, and PostgreSQL lets it pass: each names the case in which nothing is known.
What spans tables is a `Rule`: a trigger refuses what would break it, and `find_broken` finds records that broke it before there was one.
"""

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import BaseConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from .enums import Precision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=type[models.Model])

#: Days that a record may name, typed or imported: no network of cities is older, and nobody plans beyond.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
#: How many years ahead somebody enters what is to take place: an event, a post.
YEARS_AHEAD = 10
#: Fields whose text is made by the program or need not be there.
_NO_WORDS = ("id", "slug", "password")


class _Told(BaseConstraint):
    """A constraint that says what to do, beside the field at which it can be done. Neither is the database's business: migrations
    hold an ordinary constraint, and a sentence can be bettered without one.
    """

    plain: ClassVar[type[BaseConstraint]]
    field: str

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Describe the constraint to migrations as the plain one that the database holds."""
        _path, args, named = super().deconstruct()
        named.pop("violation_error_message", None)
        return f"django.db.models.{self.plain.__name__}", args, named

    def __eq__(self, other: object) -> bool:
        """Compare as the database would: a reworded sentence needs no migration."""
        return isinstance(other, self.plain) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def clone(self) -> Self:
        """Copy the constraint with its sentence, which `deconstruct` leaves out."""
        return copy(self)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Raise ValidationError at its field, if the form has it."""
        try:
            super().validate(model, instance, exclude=exclude, using=using)
        except ValidationError as error:
            if self.field and self.field not in (exclude or ()):
                raise ValidationError({self.field: error.messages}) from error
            raise


class Check(_Told, models.CheckConstraint):
    """A condition that each row must meet by itself."""

    plain = models.CheckConstraint

    def __init__(self, condition: Q, *, name: str, says: "StrOrPromise", field: str = "") -> None:
        super().__init__(condition=condition, name=name, violation_error_message=says)
        self.field = field


class Once(_Told, models.UniqueConstraint):
    """Values that no two rows may share."""

    plain = models.UniqueConstraint

    def __init__(self, *fields: str, name: str, says: "StrOrPromise", field: str = "", **more: Any) -> None:
        super().__init__(fields=fields, name=name, violation_error_message=says, **more)
        self.field = field


def in_order(start: str, end: str, *, name: str, says: "StrOrPromise", same: bool = True) -> Check:
    """Require that `end` is no earlier than `start`, or later than it (if not `same`), if both are known."""
    later = Q(**{f"{end}__gte" if same else f"{end}__gt": F(start)})
    unknown = Q(**{f"{end}__isnull": True}) | Q(**{f"{start}__isnull": True})
    return Check(unknown | later, name=name, says=says, field=end)


def within_a_year(start: str, end: str, *, name: str) -> Check:
    """Require that `end` is at most a year after `start`, if both are known: if it lasts longer, somebody mistyped the year."""
    unknown = Q(**{f"{end}__isnull": True}) | Q(**{f"{start}__isnull": True})
    condition = unknown | Q(**{f"{end}__lte": F(start) + timedelta(days=366)})
    return Check(condition, name=name, says=_("Enter a last day within a year of the first one."), field=end)


def no_less_than_nothing(field: str, *, name: str) -> Check:
    """Require that an amount, if known, is 0 or more."""
    condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return Check(condition, name=name, says=_("Enter 0 or more."), field=field)


def currency_shape(field: str, *, name: str) -> Check:
    """Require that a currency, if given, looks like an ISO 4217 code. The form checks that it exists, because the list changes."""
    condition = Q(**{field: ""}) | Q(**{f"{field}__regex": r"^[A-Z]{3}$"})
    return Check(condition, name=name, says=_("Enter a currency by its three letters, such as KES."), field=field)


def says_something(field: str, *, name: str) -> Check:
    """Require that a text holds more than whitespace."""
    return Check(Q(**{f"{field}__regex": r"\S"}), name=name, says=_("Fill this in."), field=field)


def checked(model: M) -> M:
    """Add to a model the checks that follow from its fields, except those that it states itself."""
    options: Any = model._meta
    names = {constraint.name for constraint in options.constraints}
    stated = [one.condition for one in options.constraints if isinstance(one, models.CheckConstraint)]
    missing = [check for check in _follow(model) if check.name not in names and check.condition not in stated]
    options.constraints = options.original_attrs["constraints"] = [*options.constraints, *missing]
    return model


def _follow(model: type[models.Model]) -> Iterator[Check]:
    names = {field.name for field in model._meta.local_concrete_fields}
    for field in model._meta.local_concrete_fields:
        prefix = f"{model._meta.model_name}_{field.name}"
        listed = words_of(field)
        if listed:
            yield _known(field, listed, f"{prefix}_known")
        elif _is_written(field):
            yield says_something(field.name, name=f"{prefix}_said")
        if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            yield _within_reason(field, f"{prefix}_within_reason")
            precision = field.name.removesuffix("_on") + "_precision"
            if precision in names and field.null:
                yield _as_precise(field.name, precision, f"{prefix}_as_precise")


def _is_written(field: Any) -> bool:
    """Whether it is a text that somebody must write."""
    is_text = isinstance(field, models.CharField | models.TextField) and field.editable
    return is_text and not field.blank and field.name not in _NO_WORDS


def words_of(field: Any) -> list[str]:
    """Return the choices of which a column holds one or several; none if the list is a setting."""
    inner = field.base_field if isinstance(field, ArrayField) else field
    values = [value for value, _label in inner.flatchoices] if inner.choices else []
    return [] if values == [code for code, _name in settings.LANGUAGES] else values


def _known(field: Any, words: Collection[str], name: str) -> Check:
    if isinstance(field, ArrayField):
        return Check(
            Q(**{f"{field.name}__contained_by": list(words)}), name=name, says=_("Choose one."), field=field.name
        )
    offered = [*words, ""] if field.blank and "" not in words else list(words)
    return Check(Q(**{f"{field.name}__in": offered}), name=name, says=_("Choose one."), field=field.name)


def _within_reason(field: Any, name: str) -> Check:
    within = Q(**{f"{field.name}__range": (FIRST_DAY, LAST_DAY)})
    condition = Q(**{f"{field.name}__isnull": True}) | within if field.null else within
    says = _("Enter a day between 1900 and 2199.")
    return Check(condition, name=name, says=says, field=field.name)


def _as_precise(day: str, precision: str, name: str) -> Check:
    unknown = Q(**{f"{day}__isnull": True, precision: Precision.UNKNOWN})
    known = Q(**{f"{day}__isnull": False}) & ~Q(**{precision: Precision.UNKNOWN})
    return Check(unknown | known, name=name, says=_("Say how exactly the day is known."), field=precision)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that spans records: `broken` is SQL that is true of a row, called NEW, that breaks it.

    A trigger asks it of each row that is new or in which one of `columns` has changed, so that what was wrong before the rule was
    there can still be read, corrected in part, and erased. `in_turn`: of two at the same moment the second waits for the first.
    """

    name: str
    model: str
    columns: tuple[str, ...]
    broken: str
    says: "StrOrPromise"
    field: str = ""
    in_turn: bool = False

    @property
    def table(self) -> str:
        """The table to which the rule belongs."""
        return str(apps.get_model(self.model)._meta.db_table)

    def body(self) -> str:
        """The body of the trigger's function, in PL/pgSQL."""
        new, old = (", ".join(f"{row}.{column}" for column in self.columns) for row in ("NEW", "OLD"))
        turn = f"  PERFORM pg_advisory_xact_lock(hashtextextended('{self.name}', 0));\n" if self.in_turn else ""
        return (
            f"\nBEGIN\n  IF TG_OP = 'UPDATE' AND ({new}) IS NOT DISTINCT FROM ({old}) THEN RETURN NEW; END IF;\n{turn}"
            f"  IF {self.broken} THEN\n"
            f"    RAISE EXCEPTION 'rule {self.name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}';\n"
            "  END IF;\n  RETURN NEW;\nEND\n"
        )

    def search(self, most: int) -> str:
        """SQL for the keys of records that break it, with its name, the oldest first."""
        return f"({self._select('NEW.id')} ORDER BY 2 LIMIT {most})"

    def count(self) -> str:
        """SQL for how many records break it, with its name."""
        return self._select("count(*)")

    def _select(self, what: str) -> str:
        # `broken` speaks of NEW, which PostgreSQL folds to "new".
        return f"SELECT '{self.name}', {what} FROM {self.table} AS \"new\" WHERE {self.broken}"  # noqa: S608  (names of ours)


_rules: dict[str, Rule] = {}


def register_rules(*rules: Rule) -> None:
    """Let these rules be told and looked after. Called in `AppConfig.ready()`."""
    _rules.update({rule.name: rule for rule in rules})


def rules() -> Mapping[str, Rule]:
    """Every registered rule by its name."""
    return _rules


def find_broken(most: int = 100) -> dict[str, list[int]]:
    """Return the keys of records that break each rule, at most `most` per rule, in one query."""
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rule.search(most) for rule in _rules.values()))
        for name, key in cursor.fetchall():
            found.setdefault(name, []).append(key)
    return found


def count_broken() -> dict[str, int]:
    """Return the number of records that break each broken rule, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rule.count() for rule in _rules.values()))
        return {name: number for name, number in cursor.fetchall() if number}


def sentence_of(name: str) -> tuple["StrOrPromise", str]:
    """Return the sentence for a refusal by the constraint or rule of this name, and its field; two empty texts if it has none."""
    if name in _rules:
        return _rules[name].says, _rules[name].field
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and isinstance(constraint, Check | Once):
                return constraint.violation_error_message or "", constraint.field
    return "", ""
