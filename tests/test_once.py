"""Whatever makes something makes it once: each form that carries a token is sent twenty times at the same moment.

Which forms there are is read from the classes, and where they stand from the addresses: a new one is tried without a word.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from jirani.audit.forms import OnceForm
from jirani.audit.models import Submission
from jirani.members.models import Person

from .addresses import addresses
from .cast import user_of
from .reader import quiet
from .stage import fill, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]

TIMES = 20
#: As whom forms are sent, until each has been.
WRITERS = ("coordinator", "kwale_focal_point", "mombasa_focal_point", "rapporteur", "forum_secretary")
#: What only its field's own form of words takes.
SAID = {
    "lines": "Somebody new {n}, somebody{n}@example.org",
    "completion": "limited",
    "since": "2024",
    "access": "network",
}


def every_once_form(base: type[OnceForm] = OnceForm) -> Iterator[type[OnceForm]]:
    """Those that stand on a page: no other one is made of them."""
    for form in base.__subclasses__():
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

    def form(self, address: str) -> OnceForm | None:
        page = self.client().get(address)
        form = page.context.get("form") if page.status_code == 200 and page.context else None
        return form if isinstance(form, OnceForm) else None

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


def begun(form: OnceForm, number: int) -> dict[str, Any]:
    """What a form sends as it is opened, with what it asks for."""
    sent = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if name == "once" or value not in (None, "", [], False):
            sent[name] = getattr(value, "pk", value)
        elif field.required:
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
    choices = [value for value, _label in getattr(field, "choices", ()) if value != ""]
    if choices:
        chosen = str(getattr(choices[0], "value", choices[0]))
        return [chosen] if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField) else chosen
    return f"Something {number}"


def try_once(sender: Sender, address: str, number: int) -> bool:
    """Whether the form there was taken, having been sent often at once; what it asks for is added until it is."""
    form = sender.form(address)
    if form is None:
        return False
    sent = begun(form, number)
    for _try in range(4):
        before, tokens = rows(), Submission.objects.count()
        answers = sender.send_at_once(address, sent)
        if answers[0].status_code == 405:  # the form is sent elsewhere, where it stands too
            return False
        assert {answer.status_code for answer in answers} <= {302, 422}, (address, [a.status_code for a in answers])
        if answers[0].status_code == 302:
            made = {model.__name__: now - before[model] for model, now in rows().items() if now != before[model]}
            places = {answer.headers.get("Location") for answer in answers}
            assert (Submission.objects.count() - tokens, len(places)) == (1, 1), (address, made, places)
            kind = Submission.objects.order_by("-pk").values_list("content_type__model", flat=True)
            assert max(made.values()) < TIMES, (address, made, kind)
            return True
        wrong = answers[0].context["form"]
        missing = {name: likely(name, wrong.fields[name], number) for name in wrong.errors if name in wrong.fields}
        sent |= missing | {"once": form["once"].value()}
    return False


def test_each_form_that_makes_something_makes_it_once() -> None:
    stage = fill()
    publish(stage)
    left, number = set(every_once_form()), 0
    for part in WRITERS:
        sender = Sender(stage.cast.people()[part])
        with quiet():
            for address in addresses(sender.user, whole=False):
                if not left or resolve(address.split("?")[0]).func.__module__.startswith("wagtail"):
                    continue
                form = sender.form(address)
                if form is None or type(form) not in left:
                    continue
                number += 1
                if try_once(sender, address, number):
                    left.discard(type(form))
    assert sorted(form.__name__ for form in left) == []
