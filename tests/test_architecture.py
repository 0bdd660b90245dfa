"""What import-linter cannot see: templates, foreign keys, generic relations and the names of files.

The order of the apps is the one in pyproject.toml's contract; it is stated once.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.db.models import Model
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "jirani"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]

#: Lines of the house, 0 at the top: {"cli": 0, …, "public": 5, "desk": 5, …}.
LINE = {app.strip(" ()"): number for number, line in enumerate(CONTRACTS[0]["layers"]) for app in line.split("|")}

#: Folders of an app that hold no modules.
FOLDERS = {"migrations", "templates", "static", "css", "data"}


def is_below(lower: str, upper: str) -> bool:
    """Whether `upper` may know `lower`: itself, or an app on a line further down."""
    return lower == upper or LINE[lower] > LINE[upper]


def test_no_contract_has_an_exception() -> None:
    excused = {contract["name"]: contract["ignore_imports"] for contract in CONTRACTS if "ignore_imports" in contract}

    assert excused == {}


# ── Templates ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file())


def libraries() -> dict[str, str]:
    """Our template tag libraries, and the app that each belongs to."""
    found = PACKAGE.glob("*/templatetags/*.py")
    return {path.stem: path.parent.parent.name for path in found if path.stem != "__init__"}


def reaches(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a template includes, extends and loads: (what, its app)."""
    owners = libraries()
    for token in Lexer(path.read_text("utf-8")).tokenize():
        if token.token_type != TokenType.BLOCK:
            continue
        word, _, rest = token.contents.partition(" ")
        if word in {"include", "extends"} and (name := re.match(r"""\s*["']([\w-]+)/""", rest)):
            yield f"{word} {rest.strip()}", name[1]
        if word == "load":
            names = rest.split(" from ")[-1].split()
            yield from ((f"load {name}", owners[name]) for name in names if name in owners)


def test_templates_reach_downwards_only() -> None:
    assert len(templates()) > 10
    upward = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in templates()
        for what, app in reaches(path)
        if app in LINE and not is_below(app, path.relative_to(PACKAGE).parts[0])
    ]

    assert upward == []


def test_no_app_keeps_templates_of_another() -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path in templates()
        if (parts := path.relative_to(PACKAGE).parts)[2] in LINE and parts[2] != parts[0]
    ]

    assert strays == []


# ── Models ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def app_of(model: type[Model]) -> str | None:
    """The app of one of our models; None for a model of Django, Wagtail or another library."""
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "jirani" else None


def relations() -> Iterator[tuple[str, str, str]]:
    """Every foreign key, many-to-many and generic relation of ours to a model of ours: (name, from app, to app)."""
    for model in apps.get_models():
        options = model._meta
        fields: list[Any] = [*options.local_fields, *options.local_many_to_many]
        fields += [field for field in options.private_fields if isinstance(field, GenericRelation)]
        for field in fields:
            target = field.related_model
            if isinstance(target, type) and (here := app_of(model)) and (there := app_of(target)):
                yield f"{model.__name__}.{field.name}", here, there


def test_relations_point_downwards_only() -> None:
    assert len(list(relations())) > 20

    assert [name for name, here, there in relations() if not is_below(there, here)] == []


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def allowed_names() -> dict[str, set[str]]:
    """Return, by app or room ("events.people"), the names its files and packages may have: those of the contract it is in."""
    names: dict[str, set[str]] = {}
    for contract in CONTRACTS[1:]:
        for container in contract.get("containers", []):
            layers = {name.strip(" ()").split(".")[0] for line in contract["layers"] for name in line.split("|")}
            names[container.removeprefix("jirani.")] = layers
    return names


def files_in(folder: Path) -> set[str]:
    """Names of modules and folders, without those of which a branch left nothing but what Python had compiled there."""
    found = [
        path for path in folder.iterdir() if path.is_file() or {one.name for one in path.iterdir()} - {"__pycache__"}
    ]
    return {path.stem if path.suffix == ".py" else path.name for path in found}


@pytest.mark.parametrize(("app", "names"), sorted(allowed_names().items()))
def test_an_app_has_only_files_of_known_names(app: str, names: set[str]) -> None:
    found = files_in(PACKAGE / app.replace(".", "/"))

    assert sorted(found - names - FOLDERS - {"__init__", "__pycache__"}) == []


def test_every_app_is_in_a_contract() -> None:
    free_inside = {"__main__", "cli", "bench", "server", "config"}

    assert sorted(LINE.keys() - allowed_names().keys()) == sorted(free_inside)


def test_every_room_has_the_layers_of_an_app() -> None:
    """What the contract of an app with rooms leaves aside as one is in the contract for files; so are those of `public`, its last line."""
    public = next(contract for contract in CONTRACTS[2:] if contract["containers"] == ["jirani.public"])
    rooms = {f"jirani.public.{name}" for name in public["layers"][-1].split(" | ") if name != "views"}
    rooms |= {
        f"{container}.{room}"
        for contract in CONTRACTS[2:]
        for container in contract.get("containers", [])
        for room in set(contract.get("exhaustive_ignores", [])) - {"migrations"}
    }

    assert rooms == {one for one in CONTRACTS[1]["containers"] if one.count(".") > 1}


def test_long_files_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A file past 400 lines may still be about one thing; whoever reads the output decides."""
    sources = [
        path for path in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")] if "migrations" not in path.parts
    ]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources}
    long = {path: length for path, length in lengths.items() if length > 400}
    with capsys.disabled():
        for path, length in sorted(long.items()):
            print(f"\n{path.relative_to(ROOT)} has {length} lines: would a reader know it as one room?", end="")

    assert max(lengths.values()) < 1000
