"""Forms that act: what was typed goes to an action, once, and not over what somebody else saved meanwhile.

A view reads view → form → action::

    form = PlanChangeForm(sent(request), instance=plan, by=request.user)
    if form.is_valid() and form.submit(change_plan, by=request.user):
        return form.arrived(redirect(…))
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar, TypeVar, cast, overload

from django import forms
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.crypto import salted_hmac

from jirani.audit.actions import ChangedMeanwhile, SentBefore, as_sentence, once, state_of
from jirani.core.unsaved import typed_before
from jirani.ui.forms import SpokenForm

from .facts import OWN, Held, set_facts, type_held

M = TypeVar("M", bound=models.Model)
R = TypeVar("R", bound=HttpResponseBase)


#: How long the device keeps the word that a form has arrived: until the next page, which comes at once.
WORD_KEPT = timedelta(minutes=1)


def sent(request: HttpRequest, *, to: str = "") -> QueryDict | None:
    """Return the data that a form was sent with; None if the page is only being opened. A form without fields is sent
    too.

    On the page itself also what was sent to it, or to the address `to` of a form on it, while its sender was not signed in.
    """
    return request.POST if request.method == "POST" else typed_before(request, to or request.path)


def _key() -> str:
    return secrets.token_urlsafe(18)


def _sealed(value: str, token: str) -> str:
    """A digest that nobody can make again without the form's token, which is not kept, and the secret key, which is not in the
    database.
    """
    # The salt keeps the name of the module in which forms stood first: pages that were open when they moved are sent once too.
    return salted_hmac(f"jirani.audit.forms:{token}", value, algorithm="sha256").hexdigest()


def _digest(file: Any) -> str:
    found = sha256()
    for part in file.chunks():  # from its beginning
        found.update(part)
    file.seek(0)
    return found.hexdigest()


class ActingForm(SpokenForm):
    """A form whose action may still find a reason against it: a ValidationError stands on the form like one of its own."""

    def full_clean(self) -> None:
        """Clean as Django does. If something is wrong, also ask what the action would refuse, so that all faults are shown at once."""
        super().full_clean()
        if not self.errors:
            return
        for name, reason in self.foresee().items():
            if reason and name in self.fields and name not in self.errors:
                self.add_error(name, reason)

    def foresee(self) -> Mapping[str, Any]:
        """Return, by field, what the action would refuse, as far as `cleaned_data` tells. A valid form is not asked: it
        may be sent twice, and would then find that its names are taken by what it made itself.
        """
        return {}

    #: The fields as the class declares them; Django sets it.
    base_fields: ClassVar[dict[str, forms.Field]]
    #: Of each class the fields whose words stand elsewhere than in the column of their name (`facts.Held`); None for those that ask
    #: for what no record holds, `OWN` for those of which no action is told. What a class does not name, those that it is made of may.
    held: ClassVar[type_held] = {}

    @classmethod
    def where(cls, name: str) -> Held | None:
        """Return the columns in which a record holds this field's value."""
        for part in cls.__mro__:
            if name in (described := vars(part).get("held", {})):
                found: Held | None = described[name]
                return found
        return Held((name,))

    @classmethod
    def first_values(cls, *records: models.Model, names: Iterable[str]) -> dict[str, Any]:
        """Return the initial values of the named fields from the records. Raises FieldDoesNotExist if no record holds a
        field and `held` does not mention it.
        """
        described = {name: where for name in names if (where := cls.where(name)) is not None and where is not OWN}
        return {name: where.value(*records) for name, where in described.items()}

    @classmethod
    def field_of(cls, column: str) -> str:
        """The field that says what a column holds."""
        told = (name for name in cls.base_fields if (where := cls.where(name)) and column in where.columns)
        return next(told, column)

    @property
    def about(self) -> tuple[Any, ...]:
        """Return the action's first arguments, unless the view passes them: the record if the form changes one."""
        return ()

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was typed, by column; by field name if no record holds it."""
        return self._told()

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            where = self.where(name)
            if where is not OWN:
                told |= where.facts(value) if where and where.columns else {name: value}
        return told

    def so_far(self, record: M) -> M:
        """Return a copy of a record that holds what was typed, as far as that is right, for an action to look at."""
        shown = copy(record)
        columns = {field.name for field in record._meta.concrete_fields}
        for name, value in self._told().items():
            if name in columns:
                setattr(shown, name, value)
        return shown

    @overload
    def submit(self, action: Callable[..., M], *about: Any, **who: Any) -> M | None: ...
    @overload
    def submit(self, action: Callable[..., Any], *about: Any, **who: Any) -> Any: ...
    def submit(self, action: Callable[..., Any], *about: Any, **who: Any) -> Any:
        """Let `action` do what was typed: `action(*about, **who, **self.facts)`. `who` acts: mostly `by=user`.

        Returns what it returns; None, with the reason on the form, if it may not be done or if somebody else was quicker.
        """
        try:
            return self._do(partial(action, *(about or self.about), **who, **self.facts))
        except (ValidationError, ObjectDoesNotExist, DatabaseError) as error:
            reason = as_sentence(error)
            if reason is None:
                raise
            self.refuse(reason)
        return None

    def _do(self, action: Callable[[], Any]) -> Any:
        return action()

    def refuse(self, error: ValidationError) -> None:
        """Put each reason beside its field, or first on the form if it has none here."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, reasons in error.error_dict.items():
            self.add_error(name if name in self.fields else None, reasons)

    def _send_next(self, name: str, value: str) -> None:
        """Let the page on which the form is shown again send this in a hidden field, whatever came in it."""
        sent: Any = self.data
        self.data = sent.copy()
        cast("dict[str, str]", self.data)[self.add_prefix(name)] = value

    def arrived(self, response: R) -> R:
        """Let the device know that what it kept of this form (ui/js/keep.js) has arrived, so that it forgets it."""
        key = self.cleaned_data.get("once") or self.cleaned_data.get("version")
        if key:
            response.set_cookie("saved", key, max_age=WORD_KEPT, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        return response


class OnceForm(ActingForm, forms.Form):
    """A form that makes one record however often it is sent: a double click, a lost answer, a page sent again.

    ::

        if form.is_valid() and (event := form.submit(create_event, by=request.user)):
            return redirect("events:event_edit", event.slug)
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial=_key)
    held: ClassVar[type_held] = {"once": OWN}

    def remembered(self, made: Any) -> models.Model:
        """Return the object by which a repeated form is recognised until it expires: what the first one made, unless
        nobody may be led there.
        """
        return cast("models.Model", made)

    def _do(self, action: Callable[[], Any]) -> Any:
        """Run the action, or return `remembered` of what it made when the form first came."""
        token = self.cleaned_data["once"] or _key()
        return once(_sealed(type(self).__name__, token), _sealed(self._typed(), token), action, self.remembered)

    def refuse(self, error: ValidationError) -> None:
        """Show the error as any form does. If the token was used before with other content, sending once more makes another record."""
        if isinstance(error, SentBefore):
            self._send_next("once", _key())
        super().refuse(error)

    def _typed(self) -> str:
        """Return what was typed, as sent. Files count by name and content, because a corrected sheet has the old one's
        name and often its size.
        """
        sent: Any = self.data
        files: Any = self.files
        own = [(name, sent.getlist(name)) for name in sorted(field.html_name for field in self)]
        files = sorted((name, file.name, _digest(file)) for name, file in files.items())
        return repr((own, files))


class VersionForm(ActingForm, forms.Form):
    """A form that changes a record: it begins with what the record holds, and says over which state of it it was typed.

    Give it the `record`, or several if what it says stands in several: the first is the one whose version counts. A form of a model
    has its `instance`. `form.facts` then holds `version`; the action passes it to `audit.actions.lock_unchanged`.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    held: ClassVar[type_held] = {"version": None}

    def __init__(self, *args: Any, record: models.Model | None = None, **kwargs: Any) -> None:
        self.record = kwargs.get("instance") if record is None else record
        now: dict[str, Any] = {} if self.record is None else {"version": self.version_of(self.record)}
        if record is not None:
            now |= self.first_values(*self.holders(record), names=self.base_fields)
        kwargs["initial"] = now | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def holders(self, record: Any) -> tuple[models.Model, ...]:
        """The records in which what the form says may stand, the nearest first."""
        return (record,)

    def version_of(self, record: Any) -> str:
        """Return the version by which a later form notices that somebody else has saved the record."""
        return state_of(record)

    @property
    def about(self) -> tuple[Any, ...]:
        """The record, if there is one already."""
        return () if self.record is None else (self.record,)

    def refuse(self, error: ValidationError) -> None:
        """Show the error as any form does. If somebody else saved meanwhile, saving again, now knowingly, replaces their version."""
        if isinstance(error, ChangedMeanwhile):
            self._send_next("version", error.version)
        super().refuse(error)


class RemovalForm(VersionForm):
    """A record taken back as it stood when the question was asked."""


class InstanceForm(ActingForm, forms.ModelForm[M]):
    """A form that types into a record of its model, which the action is given, and beside it what is no column of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            stored = self.first_values(self.instance, names=self._beside)
            self.initial = {**self.initial, **stored, **(kwargs.get("initial") or {})}

    @property
    def _beside(self) -> list[str]:
        """Return the fields that the form declares and that Django does not write into the record."""
        return [name for name in self.base_fields if name not in (self._meta.fields or ())]

    def clean(self) -> dict[str, Any]:
        """Write the fields that are not the model's own into the record as well."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self._beside:
            if name in cleaned and (where := self.where(name)):
                set_facts(where.facts(cleaned[name]), self.instance)
        return cleaned

    @property
    def about(self) -> tuple[Any, ...]:
        """The record, with what was typed."""
        return (self.instance,)

    @property
    def links(self) -> dict[str, Any]:
        """The records to which it is tied, by field. What was not offered stays."""
        tied = (field.name for field in self._meta.model._meta.many_to_many)
        return {name: self.cleaned_data[name] for name in tied if name in self.cleaned_data}

    @property
    def facts(self) -> dict[str, Any]:
        """Return what no record holds, such as the version of one that is changed, and the links of one that has some."""
        told = {name: value for name, value in self.cleaned_data.items() if self.where(name) is None}
        return told | ({"links": self.links} if self._meta.model._meta.many_to_many else {})
