"""The list of apps is in jirani/config/apps.py; what cannot be made from it says the same, and Django's order of them means nothing."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from jirani.config.apps import LAYERS
from jirani.core import registry

from .test_architecture import CONTRACTS, PACKAGE, ROOT

#: Lines of names from the top, without the order within a line.
LINES = [{app.name for app in line} for line in LAYERS]

#: Folders of the package that are no apps: they have no `apps.py`, and Django does not know them.
NO_APPS = {"__main__", "cli", "bench", "server", "config", "acting", "language"}

#: Contracts of their own for what is inside of an app.
OTHERWISE_INSIDE = {"core", "changes", "reading"}


def names_in(line: str) -> set[str]:
    return {name.strip(" ()") for name in line.split("|")}


@pytest.mark.gaps
def test_every_app_is_in_the_list() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/apps.py")} - {"config"} == set().union(*LINES)
    assert max(Counter(app.name for line in LAYERS for app in line).values()) == 1


@pytest.mark.gaps
def test_the_contract_has_the_same_layers() -> None:
    layers = [names_in(line) for line in CONTRACTS[0]["layers"]]

    assert [line for line in layers if not line <= NO_APPS] == LINES


@pytest.mark.gaps
def test_the_contract_for_files_holds_for_every_app() -> None:
    inside = {container.split(".")[1] for container in CONTRACTS[1]["containers"]}

    assert inside == set().union(*LINES) - OTHERWISE_INSIDE


@pytest.mark.gaps
def test_the_picture_shows_the_same_layers() -> None:
    """The first block of the page: names, then two spaces or more, then what they are."""
    block = (ROOT / "docs/explanation/layers.md").read_text("utf-8").split("```")[1]
    lines = [names_in(re.split(r"\s{2,}", line)[0]) for line in block.strip().splitlines()]

    assert [line for line in lines if not line <= NO_APPS] == LINES


@pytest.mark.parametrize("app", [app for line in LAYERS for app in line], ids=lambda app: app.name)
def test_an_app_with_addresses_says_so(app: Any) -> None:
    assert (PACKAGE / app.name / "urls.py").exists() == app.has_urls


def test_higher_apps_erase_first() -> None:
    """What points at the person goes before the person does; a wrong order would leave it to the database to refuse, or to lose."""
    assert list(registry.personal_erasers()) == ["commitments", "lessons", "events", "forums", "members"]
    assert list(registry.personal_expired_erasers()) == ["events", "forums", "members"]
    assert list(registry.personal_exporters()) == ["members", "forums", "events", "lessons", "commitments"]


#: What a process says of everything that apps register or put in one another's place.
_SAY = """
import django, json
django.setup()
from pathlib import Path
from django.conf import settings
from django.core.management import get_commands
from django.template import engines
from django.urls import get_resolver
from jirani.core import registry
from jirani.changes.registry import listeners_of, watched
from jirani.events.registry import _followers, _followers_of
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson

here = Path("jirani").resolve()
names = sorted(str(path.relative_to(folder)) for folder in here.glob("*/templates") for path in folder.rglob("*.*"))
print(json.dumps({
    "installed": settings.INSTALLED_APPS,
    "parts": [list(registry.personal_exporters()), list(registry.personal_erasers()), list(registry.personal_expired_erasers())],
    "keepers": [keep.__module__ for keep in registry.personal_keepers()],
    "nights": sorted(registry.nightly_tasks()),
    "register": [f"{entry.heading} {entry.model._meta.label}.{entry.field}" for entry in registry.personal_data_register()],
    "listeners": {one.label: [name for name, _ in listeners_of(one.label)] for one in watched()},
    "followers": {str(kind): [follow.__module__ for _, follow in _followers_of(kind())] for kind in (Event, Session, Lesson)},
    "commands": {name: str(app) for name, app in get_commands().items()},
    "templates": {name: engines["django"].get_template(name).origin.name for name in names},
    "addresses": [str(pattern.pattern) for outer in get_resolver().url_patterns for pattern in getattr(outer, "url_patterns", [outer])],
}))
"""

#: Our apps turned around, in the place of Django's own list.
_SHUFFLED = """
from jirani.config.settings import *
ours = [name for name in INSTALLED_APPS if name.startswith("jirani.")]
INSTALLED_APPS = [*reversed(ours), *INSTALLED_APPS[len(ours):]]
"""


def said(module: str, folder: Path) -> dict[str, Any]:
    """What a process with the settings of `module`, which may be in `folder`, says."""
    before = f"import os, sys; sys.path.insert(0, {str(folder)!r}); os.environ['DJANGO_SETTINGS_MODULE'] = {module!r}"
    ran = subprocess.run([sys.executable, "-c", before + _SAY], cwd=ROOT, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_the_order_of_installed_apps_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "turned.py").write_text(_SHUFFLED, "utf-8")

    usual, turned = said(settings.SETTINGS_MODULE, tmp_path), said("turned", tmp_path)

    assert usual.pop("installed") != turned.pop("installed")
    assert turned == usual


def test_an_app_that_is_not_in_the_list_may_not_keep_people_in_silence() -> None:
    with pytest.raises(ValueError, match="elsewhere is not in the list of apps"):
        registry.register_personal("elsewhere", export=lambda person: {}, erase=lambda person: None)
    assert "elsewhere" not in registry._parts
