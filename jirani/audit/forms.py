"""Forms that know whether they were sent before, and whether somebody else saved meanwhile."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.crypto import salted_hmac

from jirani.core.unsaved import typed_before
from jirani.ui.forms import SpokenForm

from .actions import ChangedMeanwhile, SentBefore, as_sentence, once

M = TypeVar("M", bound=models.Model)
R = TypeVar("R", bound=HttpResponseBase)


#: How long the device keeps the word that a form has arrived: until the next page, which comes at once.
WORD_KEPT = timedelta(minutes=1)


def sent(request: HttpRequest, *, to: str = "") -> QueryDict | None:
    """What a form was sent with; None where the page is only opened. A form without fields is sent too.

    On the page itself also what was sent to it, or to the address `to` of a form on it, while its sender was not signed in.
    """
    return request.POST if request.method == "POST" else typed_before(request, to or request.path)


def _key() -> str:
    return secrets.token_urlsafe(18)


def _sealed(value: str, token: str) -> str:
    """A digest that nobody can make again without the form's token, which is not kept, and the secret key, which is not in the
    database.
    """
    return salted_hmac(f"jirani.audit.forms:{token}", value, algorithm="sha256").hexdigest()


def _digest(file: Any) -> str:
    found = sha256()
    file.seek(0)
    for part in file.chunks():
        found.update(part)
    file.seek(0)
    return found.hexdigest()


class ActingForm(SpokenForm):
    """A form whose action may still find a reason against it: a ValidationError stands on the form like one of its own."""

    def full_clean(self) -> None:
        """As Django does; then, if something is wrong, what the action would refuse besides, so that all is said in one round."""
        super().full_clean()
        if not self.errors:
            return
        for name, reason in self.foresee().items():
            if reason and name in self.fields and name not in self.errors:
                self.add_error(name, reason)

    def foresee(self) -> Mapping[str, Any]:
        """By field, what the action would refuse, as far as `cleaned_data` tells. Nobody asks it of a form that is right: a form may
        come twice, and would find its names taken by what it made.
        """
        return {}

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as an action wants it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}

    def make(self, action: Callable[[], M]) -> M | None:
        """What `action` returns. None, with the reason on the form, where it may not, or where somebody else was quicker."""
        try:
            return action()
        except (ValidationError, ObjectDoesNotExist, DatabaseError) as error:
            reason = as_sentence(error)
            if reason is None:
                raise
            self._note(reason)
        return None

    def _note(self, error: ValidationError) -> None:
        """Put each reason beside its field, or first on the form where it has none here."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, reasons in error.error_dict.items():
            self.add_error(name if name in self.fields else None, reasons)

    def arrived(self, response: R) -> R:
        """Let the device know that what it kept of this form (ui/js/keep.js) has arrived, so that it forgets it."""
        key = self.cleaned_data.get("once") or self.cleaned_data.get("version")
        if key:
            response.set_cookie("saved", key, max_age=WORD_KEPT, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        return response


class OnceForm(ActingForm, forms.Form):
    """A form that makes one record however often it is sent: a double click, a lost answer, a page sent again.

    ::

        if form.is_valid() and (event := form.make(lambda: create_event(by=request.user, **form.facts))):
            return redirect("events:event_edit", event.slug)
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial=_key)

    def make(self, action: Callable[[], M]) -> M | None:
        """What `action` makes, or made when the form first came. None, with the reason on the form, where it may not."""
        token = self.cleaned_data["once"] or _key()
        return super().make(lambda: self._once(token, action))

    def remembered(self, made: Any) -> models.Model:
        """By what the form is remembered until it may come again: what it made, unless no one must be led there."""
        return cast("models.Model", made)

    def _once(self, token: str, action: Callable[[], M]) -> M:
        key = _sealed(type(self).__name__, token)
        try:
            made: M = once(key, _sealed(self._typed(), token), action, self.remembered)
            return made
        except SentBefore:
            sent: Any = self.data
            self.data = sent.copy()
            cast("dict[str, str]", self.data)[self.add_prefix("once")] = _key()
            raise

    def _typed(self) -> str:
        """What was typed, as sent; files by name and content: the corrected sheet has the old one's name, and often its size."""
        sent: Any = self.data
        files: Any = self.files
        own = [(name, sent.getlist(self.add_prefix(name))) for name in sorted(self.fields)]
        files = sorted((name, file.name, _digest(file)) for name, file in files.items())
        return repr((own, files))


class VersionForm(ActingForm, forms.Form):
    """A form that changes a record, and says over which state of it: give it `initial={"version": state_of(record)}`.

    `form.facts` then holds `version`; the action passes it to `audit.actions.lock_unchanged`.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def make(self, action: Callable[[], M]) -> M | None:
        """What `action` returns. Where somebody else saved meanwhile, saving once more, knowing that, takes its place."""
        return super().make(lambda: self._over(action))

    def _over(self, action: Callable[[], M]) -> M:
        try:
            return action()
        except ChangedMeanwhile as error:
            sent: Any = self.data
            self.data = sent.copy()
            cast("dict[str, str]", self.data)[self.add_prefix("version")] = error.version
            raise
