"""Whatever makes something makes it once: each form that carries a token is sent twenty times at the same moment.

The forms are found through their classes and their pages through the addresses, so a new one is covered automatically.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from jirani.acting.forms import OnceForm
from jirani.audit.models import Submission
from jirani.events.enums import ParticipationState
from jirani.events.models import Participation
from jirani.members.models import Person

from .addresses import addresses
from .cast import user_of
from .reader import fetched, quiet
from .stage import fill, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]

TIMES = 20
#: At how many addresses a form is tried that is not taken.
MOST_TRIES = 8
#: As whom forms are sent, until each has been.
WRITERS = ("coordinator", "kwale_focal_point", "mombasa_focal_point", "rapporteur", "forum_secretary")
#: What only its field's own form of words takes.
SAID = {
    "lines": "Somebody new {n}, somebody{n}@example.org",
    "completion": "limited",
    "since": "2024",
    "access": "network",
    "kept": "What was kept {n}",
}
#: How many of a list a field asks for.
AT_LEAST = {"parties": 2}
#: What a form does not ask for field by field.
WANTED = {"kept"}


def every_once_form(base: type[OnceForm] = OnceForm) -> Iterator[type[OnceForm]]:
    """Yield the forms that pages use: the classes without subclasses, but for those that tests define for themselves."""
    for form in base.__subclasses__():
        if form.__module__.startswith("jirani."):
            inner = list(every_once_form(form))
            yield from inner or [form]


def rows() -> dict[Any, int]:
    return {model: model._base_manager.count() for model in apps.get_models() if model.__module__.startswith("jirani.")}


class Sender:
    """Somebody who sends forms."""

    def __init__(self, person: Person) -> None:
        self.user = user_of(person)

    def client(self) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def forms(self, address: str) -> list[tuple[OnceForm, str]]:
        """The forms of a page that carry a token, each with the address to which it is sent."""
        page = fetched(self.client(), address)
        if page.status_code != 200 or page.context is None:
            return []
        found = {id(form): form for key in set(page.context.keys()) if isinstance(form := page.context[key], OnceForm)}
        text = page.content.decode()
        return [(form, _action(text, str(form["once"].value())) or address) for form in found.values()]

    def send_at_once(self, address: str, sent: dict[str, Any]) -> list[Any]:
        start, answers = threading.Barrier(TIMES), list[Any]()

        def send(client: Client) -> None:
            try:
                start.wait(30)
                answers.append(client.post(address, dict(sent)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=(self.client(),)) for _time in range(TIMES)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert len(answers) == TIMES
        return answers


def _action(page: str, token: str) -> str:
    """Return where the form around this token is sent; "" if it has no action."""
    head = page.partition(token)[0].rpartition("<form")[2].partition(">")[0]
    found = re.search(r'action="([^"]+)"', head)
    return found[1] if found else ""


def begun(form: OnceForm, number: int) -> dict[str, Any]:
    """Return what a freshly opened form sends, with required fields filled in."""
    sent = {}
    for bound in form:
        name, field, value = bound.html_name, bound.field, bound.value()
        if name == "once" or (value not in (None, "", []) and value is not False):
            sent[name] = getattr(value, "pk", value)
        elif field.required or name in WANTED:
            sent[name] = likely(name, field, number)
    return {name: value for name, value in sent.items() if value not in (None, "")}


def likely(name: str, field: forms.Field, number: int) -> Any:
    """Something that the field may take."""
    if name in SAID:
        return SAID[name].format(n=number)
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("minutes.txt", b"What was said.")
    if isinstance(field, forms.EmailField):
        return f"somebody{number}@example.org"
    if isinstance(field, forms.URLField):
        return f"https://example.org/{number}"
    if isinstance(field, forms.DateField):
        return timezone.localdate().isoformat()
    offered = [inner for value, label in getattr(field, "choices", ()) for inner in _ungrouped(value, label)]
    choices = [value for value in offered if value != ""]
    if choices:
        chosen = str(getattr(choices[0], "value", choices[0]))
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            return [str(getattr(value, "value", value)) for value in choices[: AT_LEAST.get(name, 1)]]
        return chosen
    return f"Something {number}"


def _ungrouped(value: Any, label: Any) -> list[Any]:
    """A choice, or those of a group of choices."""
    return [inner for inner, _name in label] if isinstance(label, list | tuple) else [value]


def try_once(sender: Sender, form: OnceForm, address: str, number: int) -> bool:
    """Send a form many times at once, adding fields that it asks for until it is accepted. Returns whether it was."""
    sent = begun(form, number)
    for _try in range(4):
        before, tokens = rows(), Submission.objects.count()
        answers = sender.send_at_once(address, sent)
        assert {answer.status_code for answer in answers} <= {302, 422}, (address, [a.status_code for a in answers])
        if answers[0].status_code == 302:
            made = {model.__name__: now - before[model] for model, now in rows().items() if now != before[model]}
            if not made:  # it may not be done here
                return False
            places = {answer.headers.get("Location") for answer in answers}
            assert (Submission.objects.count() - tokens, len(places)) == (1, 1), (address, made, places)
            kind = Submission.objects.order_by("-pk").values_list("content_type__model", flat=True)
            assert max(made.values()) < TIMES, (address, made, kind)
            return True
        wrong = [
            answers[0].context[key]
            for key in set(answers[0].context.keys())
            if type(answers[0].context[key]) is type(form)
        ]
        missing = {
            name: likely(name, one.fields[name], number) for one in wrong for name in one.errors if name in one.fields
        }
        sent |= missing | {"once": form["once"].value()}
    return False


#: Where else a form is tried: it stands on no page that one can open.
ELSEWHERE = {"ConfirmForm": "tests/members/authorities/test_import_once.py"}


def test_each_form_that_makes_something_makes_it_once() -> None:
    stage = fill()
    publish(stage)
    _invite_all()
    left, number = {form for form in every_once_form() if form.__name__ not in ELSEWHERE}, 0
    tried = Counter[type[OnceForm]]()
    for part in WRITERS:
        sender = Sender(stage.cast.people()[part])
        with quiet():
            for address in _that_write(sender.user):
                for form, action in sender.forms(address) if left else ():
                    number += 1
                    tried[type(form)] += 1
                    if (
                        type(form) in left
                        and tried[type(form)] <= MOST_TRIES
                        and try_once(sender, form, action, number)
                    ):
                        left.discard(type(form))
    assert sorted(form.__name__ for form in left) == []


def _invite_all() -> None:
    """Everybody on a list has had their letter, so that it can be sent again."""
    for person in Person.objects.filter(email=""):
        Person.objects.filter(pk=person.pk).update(email=f"somebody.{person.pk}@example.org")
    for row in Participation.objects.filter(person__isnull=False):
        Participation.objects.filter(pk=row.pk).update(state=ParticipationState.INVITED, nonce=f"sent-{row.pk}")


def _that_write(user: Any) -> Iterator[str]:
    """Addresses at which something may be written: not those of surfaces that only show."""
    for address in addresses(user, whole=False):
        with suppress(Resolver404):
            module = resolve(address.split("?")[0]).func.__module__
            if module.startswith("jirani.") and module.split(".")[1] not in {
                "public",
                "desk",
                "ui",
                "accounts",
                "newsroom",
            }:
                yield address
