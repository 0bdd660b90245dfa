"""Migrations are named, linear, and say everything the models say."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations import Migration

OURS = sorted(
    config.label
    for config in apps.get_app_configs()
    if config.name.startswith("jirani.") and (Path(config.path) / "migrations").exists()
)


def migrations(app: str) -> dict[str, type[Migration]]:
    """The app's migrations by name, in order. (Django's loader would ask the database: a migration of wagtail-localize does.)"""
    folder = Path(apps.get_app_config(app).path) / "migrations"
    names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
    return {name: import_module(f"jirani.{app}.migrations.{name}").Migration for name in names}


def test_every_migration_has_a_name() -> None:
    named = [(app, name) for app in OURS for name in migrations(app)]

    assert len(named) > 10
    assert [f"{app}.{name}" for app, name in named if "_auto_" in name or len(name) < len("0001_of")] == []


@pytest.mark.parametrize("app", OURS)
def test_migrations_of_an_app_are_one_line(app: str) -> None:
    """Numbered without a gap, each upon the one before."""
    names = list(migrations(app))
    parents = [[parent for label, parent in one.dependencies if label == app] for one in migrations(app).values()]

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert parents == [[], *([name] for name in names[:-1])][: len(names)]


@pytest.mark.gaps
@pytest.mark.django_db
def test_migrations_say_everything_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
