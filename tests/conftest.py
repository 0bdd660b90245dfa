"""What every test shares. The database comes from `tests/database.py`, a plugin that pyproject.toml names."""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase
from django.test.signals import setting_changed
from django.urls import get_resolver
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from jirani.server.catalogues import compile_catalogues
from tests import database

from .pure import be_patient

if TYPE_CHECKING:
    from .cast import Cast

be_patient()


def pytest_configure() -> None:
    """Settings that only speed and isolation of tests ask for; everything else is as it is served.

    A shell lets what it starts in the background ignore Ctrl-C, and so would the servers that we start and interrupt.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    setting_changed.send(sender=None, setting="STORAGES", value=settings.STORAGES, enter=True)  # models have read them
    TransactionTestCase._fixture_teardown = _leave_tables  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    compile_catalogues()


def _leave_tables(self: TransactionTestCase) -> None:
    """Empty no tables after a test with real transactions: the whole database is recreated (pytest_runtest_teardown)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process makes the template with the demo network for its long module, while the other goes on without it.

    What takes long comes first, so that both end at about the same time.
    """
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """Freeze what is loaded by now, so that the garbage collector does not scan it again and again, and make it run less often.

    That takes a tenth off what tests do within their process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


#: In which order tests come; "" stands for those of all other folders.
TURNS = ("browser pages", "server", "browser writing", "short", "browser and demo", "")

#: Folders whose tests fill the time in which the other process has the template with the demo network made.
SHORT = ("accounts", "audit", "changes", "commitments", "core", "desk", "events", "forums", "language")


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if item.path.name == "test_pages.py" and folder == "browser":
        return TURNS.index("browser writing" if "WritingPages" in item.nodeid else "browser pages")
    if folder == "server":
        return TURNS.index("server")
    if folder in ("browser", "demo"):
        return TURNS.index("browser and demo")
    return TURNS.index("short" if folder in SHORT else "")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this process's own, copied from a migrated template (replaces pytest-django's).

    Pages are loaded first: one that was loaded while a test has put the clock elsewhere would keep that clock.
    """
    from . import witness  # models can be loaded by now

    assert get_resolver().url_patterns
    with django_db_blocker.unblock(), database.test_database() as name:
        connection = connections["default"]
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        options: Any = {**connection.settings_dict["OPTIONS"], "options": witness.ON}
        settings.DATABASES["default"]["OPTIONS"] = connection.settings_dict["OPTIONS"] = options
        witness.attend()
        yield
        connections.close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that went well must have written nothing that nobody was told of."""
    result = yield
    if item.get_closest_marker("django_db") is not None:
        from . import witness

        witness.nothing_escaped()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Recreate the database after a test with real transactions, which leaves rows behind and may have changed migrated data.

    After the last test the database has gone already, and its server may have.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem is not None and marker is not None and marker.kwargs.get("transaction"):
        from . import witness

        connections.close_all()
        database.renew_database(str(connections["default"].settings_dict["NAME"]))
        witness.begin_anew()
    return result


@pytest.fixture
def cast(db: None) -> Cast:
    """Two counties, those who work for them and for the network, and an outsider."""
    from .cast import on_stage  # models can be loaded by now

    return on_stage()


#: What to do when a page takes another number of statements than its test says.
COSTS = (
    "A page that newly shows a record may take one statement more, and never more than 15: then say the new number in this test, fill "
    "its page with the new record, too, and see that it takes as many with one as with thirty. A page that shows nothing new takes no more."
)


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: DjangoAssertNumQueries) -> DjangoAssertNumQueries:
    """As pytest-django's, but says what to do."""
    return partial(django_assert_num_queries, info=COSTS)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Counts are remembered in files of this run: those of another test would be of another test's records."""
    caches["memory"].clear()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Reset the language to English, because a request leaves its own behind."""
    translation.activate("en")


@pytest.fixture
def known(db: None) -> None:
    """What a process that has served a page remembers of kinds of records."""
    from django.apps import apps  # there are apps by now
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.get_for_models(*apps.get_models())
