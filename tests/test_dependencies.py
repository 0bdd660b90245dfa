"""Dependencies have upper bounds, are not too new, and are installed by the uv that pyproject.toml names."""

import ast
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
UV_VERSION = PROJECT["tool"]["uv"]["required-version"].removeprefix("==")
PRINT_UV = "--eval=print-uv: ; @echo $(UV)"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Return the wheel that `hatchling build` makes of this checkout."""
    [path] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"])
    return zipfile.ZipFile(path)


def metadata(wheel: zipfile.ZipFile) -> Message:
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


def unbounded(requirements: list[Requirement]) -> list[str]:
    """Which would take whatever major version comes next."""
    return [one.name for one in requirements if not is_bounded(one.specifier)]


def is_bounded(specifiers: SpecifierSet) -> bool:
    return any(one.operator in {"<", "<=", "==", "~="} for one in specifiers)


def test_the_wheel_asks_for_no_version_that_nobody_tried(wheel: zipfile.ZipFile) -> None:
    asked = [Requirement(text) for text in metadata(wheel).get_all("Requires-Dist", [])]
    project = PROJECT["project"]
    listed = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["s3"]]

    assert {(one.name, one.specifier) for one in asked} == {(one.name, one.specifier) for one in listed}
    assert unbounded(asked) == []


def test_the_wheel_holds_no_test_and_needs_none(wheel: zipfile.ZipFile) -> None:
    modules = {name for name in wheel.namelist() if name.endswith(".py")}
    outside = {
        (name, imported)
        for name in modules
        for imported in imports(wheel.read(name).decode())
        if imported in {"tests", "tools", "pytest"}
    }

    assert {name.partition("/")[0] for name in modules} == {"jirani"}
    assert outside == set()
    assert list(imports("import a.b, c\nfrom d.e import f\nfrom . import g")) == ["a", "c", "d"]


def imports(source: str) -> Iterator[str]:
    """The packages that a module imports, in whatever function, but for those beside it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_what_builds_and_tests_is_bounded_too() -> None:
    texts = [*PROJECT["dependency-groups"]["dev"], *PROJECT["build-system"]["requires"]]
    requirements = [Requirement(text) for text in texts]

    assert unbounded([one for one in requirements if one.name != "jirani"]) == []
    assert unbounded([Requirement("a>=1"), Requirement("b"), Requirement("c>=1,<2"), Requirement("d==1")]) == ["a", "b"]


def test_the_lock_holds_nothing_younger_than_two_weeks() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))

    assert (PROJECT["tool"]["uv"]["exclude-newer"], lock["options"]["exclude-newer-span"]) == ("14 days", "P14D")


@pytest.mark.parametrize("version", [UV_VERSION, "0.0.1", UV_VERSION + "1", None])
def test_make_takes_the_machines_uv_only_if_it_fits(version: str | None, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "bin").mkdir()
    if version is not None:
        pretend_uv(tmp_path / "bin" / "uv", version)

    said = make(tmp_path, PRINT_UV, "print-uv")

    assert said == (f"{tmp_path}/bin/uv" if version == UV_VERSION else ".uv/bin/uv")


@pytest.mark.parametrize(("version", "asked"), [(UV_VERSION, ""), ("0.0.1", f"sh tools/fetch_uv.sh {UV_VERSION}")])
def test_make_fetches_uv_anew_once_another_version_is_required(version: str, asked: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / ".uv" / "bin").mkdir(parents=True)
    pretend_uv(tmp_path / ".uv" / "bin" / "uv", version)

    said = make(tmp_path, "--dry-run", ".uv/bin/uv")

    assert said.removeprefix("make: '.uv/bin/uv' is up to date.") == asked


def make(folder: Path, *arguments: str) -> str:
    """Run our Makefile in another folder, as on a machine that has the system's programs alone."""
    done = subprocess.run(
        ["make", "--silent", "-f", ROOT / "Makefile", *arguments],
        cwd=folder,
        env={"PATH": f"{folder}/bin:/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def pretend_uv(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho 'uv {version} (x86_64-unknown-linux-gnu)'\n")
    path.chmod(0o755)
