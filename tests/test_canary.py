"""The canary: a network is filled with records of every kind and mode whose texts hold tokens; everything that can be fetched is
fetched as everybody, and no token appears for a reader whom its record's permission excludes.

What there is to fetch is said in `addresses`, who fetches it in `reader`, what is told by e-mail in `letters`, and what the network
holds in `stage`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone, translation

from jirani.commitments.actions.reminders import remind_due
from jirani.events.enums import EventState
from jirani.events.models import Participation
from jirani.events.text import sign_link
from jirani.lessons.models import Lesson
from jirani.notifications.models import Message
from jirani.translation.models import Translation

from .addresses import addresses
from .letters import write_to_everybody
from .reader import TOKEN, Reader, quiet
from .stage import Stage, fill, publish, texts
from .test_architecture import templates


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for all roles, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = fill()
        publish(made)
        remind_due(timezone.localdate())
        yield made
        transaction.set_rollback(True)


#: People who keep the network's records, and people who take part.
KEEPERS = ["coordinator", "hub_coordinator", "forum_secretary", "rapporteur", "editor", "translator"]
OTHERS = ["kwale_focal_point", "mombasa_focal_point", "participant", "outsider"]


LISTS = ("authority_list", "event_list", "lesson_list", "commitment_list", "outcome_list", "plan_list")


def _read_everything(stage: Stage, part: str, *, whole: bool = False) -> None:
    reader = Reader(stage, part)
    with quiet():
        for address in addresses(reader.user, whole=whole):
            page = reader.fetch(address)
            if whole or address in {reverse(f"public:{name}") for name in LISTS}:
                reader.follow(page, address)
        for word in _words_of_lessons(stage):
            if not reader.may_see(word):
                reader.probe(reverse("public:lesson_list"), "q", word)
    assert reader.leaks == []
    assert reader.seen, "no token was found at all: the pages show nothing, and this test tests nothing"


def _words_of_lessons(stage: Stage) -> list[str]:
    """Return a token of each lesson, from each of its text fields in turn."""
    lessons = [one for one in stage.records if isinstance(one, Lesson) and TOKEN.search(one.title)]
    names = [text.name for text in texts(Lesson) if text.name != "source_url"]
    return [TOKEN.findall(getattr(one, names[n % len(names)]))[-1] for n, one in enumerate(lessons)]


def test_no_token_where_it_must_not_be_for_visitors(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), translation.override("en"):
        _read_everything(stage, "visitor")


# Two classes, so that two processes share the work (`--dist loadscope`).
@pytest.mark.sweep
class TestKeepers:
    @pytest.mark.parametrize("part", KEEPERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), translation.override("en"):
            _read_everything(stage, part)


@pytest.mark.sweep
class TestOthers:
    @pytest.mark.parametrize("part", OTHERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), translation.override("en"):
            _read_everything(stage, part)

    def test_no_token_in_any_record_or_filter_for_visitors(self, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), translation.override("en"):
            _read_everything(stage, "visitor", whole=True)

    @pytest.mark.parametrize(("part", "language"), [("visitor", "ar"), ("visitor", "fr"), ("participant", "sw")])
    def test_no_token_of_a_translation(self, part: str, language: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), quiet():
            reader = Reader(stage, part)
            for address in addresses(reader.user, whole=False):
                reader.fetch(address.replace("/en/", f"/{language}/", 1))
            written = set(Translation.objects.filter(language=language).values_list("body", flat=True))
        assert reader.leaks == []
        assert reader.seen & written, "nothing is shown in this language"


def test_what_a_link_opens(stage: Stage, django_db_blocker: Any) -> None:
    """My programme, its calendar and my notes by the link in an invitation show what the invited person may see, to nobody else."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        reader = Reader(stage, "participant")
        reader.client = Client()
        for part in Participation.objects.filter(person=stage.cast.participant).exclude(event__state=EventState.DRAFT):
            Participation.objects.filter(pk=part.pk).update(nonce="nonce")
            for name in ("events:programme_detail", "events:programme_calendar", "lessons:note_own_by_link"):
                reader.fetch(reverse(name, args=[sign_link(part.pk, "nonce")]))
        transaction.set_rollback(True)
    assert reader.leaks == []
    assert len(reader.seen) > 20


def test_no_token_in_an_e_mail_where_it_must_not_be(stage: Stage, django_db_blocker: Any) -> None:
    rendered: set[str] = set()

    def note(sender: Any, **named: Any) -> None:
        rendered.add(str(named["template"].name))

    template_rendered.connect(note)
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            messages = write_to_everybody(stage)
            leaks = [leak for message in messages for leak in _leaks_in(stage, message)]
            transaction.set_rollback(True)
    finally:
        template_rendered.disconnect(note)
    assert leaks == []
    letters = {str(path).partition("/templates/")[2] for path in templates() if path.name.endswith(".body.txt")}
    assert letters == {name for name in rendered if name.endswith(".body.txt")} | {
        "commitments/mail/follow_up_due.body.txt"
    }


def _leaks_in(stage: Stage, message: Message) -> list[str]:
    reader = message.recipient or AnonymousUser()
    found = set(TOKEN.findall(f"{message.subject} {message.body}"))
    if message.kind.endswith(".named"):  # it says by whom
        found -= set(TOKEN.findall(stage.cast.coordinator.name))
    return [f"{message.to} reads {word} in {message.kind}" for word in found if not stage.tokens[word](reader)]


#: Models whose texts are made by the program, and why they cannot hold a secret.
MADE = {
    "audit.Submission": "a random key and a digest",
    "audit.Forgetting": "names of apps",
    "audit.Nightly": "names of tasks",
    "audit.Tally": "names of tasks",
    "audit.Backup": "numbers",
    "translation.SortKey": "made from names that hold tokens, and printed nowhere",
}


@pytest.mark.gaps
def test_every_text_of_every_model_holds_a_token(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        bare = [
            f"{model._meta.label}.{text.name}"
            for model in apps.get_models()
            if model.__module__.startswith("jirani.") and model._meta.label not in MADE
            for text in texts(model)
            if not any(TOKEN.search(str(value)) for value in model._base_manager.values_list(text.name, flat=True))
        ]
    assert bare == [], "put them on stage (tests/stage/APP.py), with who may see them"
