"""The register of personal data: which field holds some, why, and until when.

A model states it in its body::

    personal_data = {"email": PersonalData(why=_("To sign in."), until=_("Until the account is erased."))}

The register is a page, and a test walks every model's fields against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Why a field holds personal data, and when what it holds goes."""

    why: "StrOrPromise"
    until: "StrOrPromise"
    #: What the field is called on the page, if neither its own name nor its model's will do.
    name: "StrOrPromise" = ""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of the register: a model's field with its reason and its end, and the heading under which the page shows it."""

    heading: "StrOrPromise"
    model: "type[Model]"
    field: str
    name: "StrOrPromise"
    why: "StrOrPromise"
    until: "StrOrPromise"


_foreign: list[tuple["StrOrPromise", str, PersonalData]] = []


def register_foreign(heading: "StrOrPromise", entry: PersonalData, *fields: str) -> None:
    """Enter fields of models that are not ours, such as "wagtailcore.Page.owner", under a heading of ours."""
    _foreign.extend((heading, field, entry) for field in fields)


def personal_data_register() -> Iterator[RegisterEntry]:
    """Yield every declared field of our models, lower apps first, then those of third-party models."""
    for model in (model for label in settings.APPS for model in apps.get_app_config(label).get_models()):
        declared: dict[str, PersonalData] = getattr(model, "personal_data", {})
        for field, entry in declared.items():
            name = entry.name or _name_of(model, field)
            yield RegisterEntry(model._meta.verbose_name or "", model, field, name, entry.why, entry.until)
    for heading, path, entry in _foreign:
        label, _, field = path.rpartition(".")
        yield RegisterEntry(heading, apps.get_model(label), field, entry.name, entry.why, entry.until)


def _name_of(model: "type[Model]", name: str) -> "StrOrPromise":
    """Return the model's name for a field; if the name is left to Django, which knows only English, the name of the model that it points at."""
    field = model._meta.get_field(name)
    said = getattr(field, "verbose_name", name)
    if field.related_model and said == name.replace("_", " "):
        return apps.get_model(field.related_model._meta.label)._meta.verbose_name or name
    return said


#: What an app does with its data about people. `Person` means members.Person, which this module cannot import.
type_exporter = Callable[[Any], dict[str, Any]]
type_eraser = Callable[[Any], None]
#: erase_expired(before) → how many rows it erased: everything that ended before that day and that the register says is erased then.
type_expired_eraser = Callable[[date], int]
#: keep(before) → the people (a queryset of Person) for whom something of this app goes on, or ended on that day or later.
type_keeper = Callable[[date], Any]


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """What an app does if a person is exported or erased, or if their data has expired."""

    export: type_exporter
    erase: type_eraser
    erase_expired: type_expired_eraser | None = None
    keep: type_keeper | None = None


_parts: dict[str, PersonalPart] = {}


def register_personal(
    label: str,
    *,
    export: type_exporter,
    erase: type_eraser,
    erase_expired: type_expired_eraser | None = None,
    keep: type_keeper | None = None,
) -> None:
    """Let the app `label` take part when a person is exported or erased, or if their data has expired. Called in `AppConfig.ready()`.

    Raises ValueError for a label that is not in the list of apps, by which they are called: nobody would be erased from it.
    """
    if label not in settings.APPS:
        raise ValueError(f"{label} is not in the list of apps (jirani/config/apps.py).")
    _parts[label] = PersonalPart(export, erase, erase_expired, keep)


def layer_of(function: Callable[..., Any]) -> int:
    """How far up the app stands whose function this is, 0 for the lowest: an order for what apps register, whoever comes first."""
    return settings.APPS.index(function.__module__.split(".")[1])


def _upwards() -> list[tuple[str, PersonalPart]]:
    """What apps registered, lower apps first, in whatever order they did."""
    return [(label, _parts[label]) for label in settings.APPS if label in _parts]


def personal_exporters() -> dict[str, type_exporter]:
    """The registered exporters by app label, lower apps first."""
    return {label: part.export for label, part in _upwards()}


def personal_erasers() -> dict[str, type_eraser]:
    """The registered erasers by app label, higher apps first, so that what points at the person goes first."""
    return {label: part.erase for label, part in reversed(_upwards())}


def personal_expired_erasers() -> dict[str, type_expired_eraser]:
    """The functions that erase expired data, by app label, higher apps first."""
    return {label: part.erase_expired for label, part in reversed(_upwards()) if part.erase_expired}


def personal_keepers() -> list[type_keeper]:
    """Return, for every app that registered one, the function that says whom it still needs."""
    return [part.keep for _label, part in _upwards() if part.keep]


#: How many years the register keeps most data after its end.
KEPT_YEARS = 2


def two_years_before(day: date) -> date:
    """Return the day before which anything that ended is over two years old on `day`; for a 29 February the 28th, so that nothing is erased early."""
    try:
        return day.replace(year=day.year - KEPT_YEARS)
    except ValueError:
        return day.replace(year=day.year - KEPT_YEARS, day=28)


_nightly: dict[str, Callable[[], None]] = {}


def register_nightly(name: str, run: Callable[[], None]) -> None:
    """Let the worker call `run` once a day and installation, outside of any transaction. Called in `AppConfig.ready()`.

    If it raises, that is logged and counted, and it is called again an hour later; a worker that was killed in the meantime may have
    done it in part. The same name again takes the place of the former.
    """
    _nightly[name] = run


def nightly_tasks() -> dict[str, Callable[[], None]]:
    """Return the tasks that are due once a day, by name."""
    return dict(_nightly)
