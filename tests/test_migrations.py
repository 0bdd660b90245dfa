"""Migrations are named, linear, and say everything the models say."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("jirani."))


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def test_every_migration_has_a_name(loader: MigrationLoader) -> None:
    named = [(app, name) for app, name in loader.disk_migrations or {} if app in OURS]

    assert len(named) > 10
    assert [f"{app}.{name}" for app, name in named if "_auto_" in name or not name[:4].isdigit() or len(name) < 8] == []


@pytest.mark.parametrize("app", OURS)
def test_migrations_of_an_app_are_one_line(app: str, loader: MigrationLoader) -> None:
    """Numbered without a gap, each upon the one before."""
    names = sorted(name for label, name in loader.disk_migrations or {} if label == app)
    parents = {
        name: [parent for label, parent in loader.disk_migrations[app, name].dependencies if label == app]
        for name in names
    }

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert list(parents.values()) == [[], *([name] for name in names[:-1])][: len(names)]


@pytest.mark.django_db
def test_migrations_say_everything_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
