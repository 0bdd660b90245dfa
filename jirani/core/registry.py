"""The register of personal data: which field holds some, why, and until when.

A model states it in its body::

    personal_data = {"email": PersonalData(why=_("To sign in."), until=_("Until the account is erased."))}

The register is a page, and a test walks every model's fields against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Why a field holds personal data, and when what it holds goes."""

    why: "StrOrPromise"
    until: "StrOrPromise"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of the register: a model's field with its reason and its end."""

    model: "type[Model]"
    field: str
    why: "StrOrPromise"
    until: "StrOrPromise"


def personal_data_register() -> Iterator[RegisterEntry]:
    """Every declared field of every installed model, in the order of the apps."""
    for model in apps.get_models():
        declared: dict[str, PersonalData] = getattr(model, "personal_data", {})
        for field, entry in declared.items():
            yield RegisterEntry(model, field, entry.why, entry.until)


#: Exporters and erasers of what an app holds about a person, by app label. The subject is a members.Person.
type_exporter = Callable[[Any], dict[str, Any]]
type_eraser = Callable[[Any], None]
_exporters: dict[str, type_exporter] = {}
_erasers: dict[str, type_eraser] = {}


def register_personal(label: str, *, export: type_exporter, erase: type_eraser) -> None:
    """Let the app `label` take part when a person is exported or erased. Called in `AppConfig.ready()`."""
    _exporters[label] = export
    _erasers[label] = erase


def personal_exporters() -> dict[str, type_exporter]:
    """The registered exporters by app label."""
    return dict(_exporters)


def personal_erasers() -> dict[str, type_eraser]:
    """The registered erasers by app label, higher apps first, so that what points at the person goes first."""
    return dict(reversed(_erasers.items()))
