"""Names in quotation marks lead somewhere: each template and each address that is named exists, and each template is used."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django.forms
import pytest
from django.template.utils import get_app_template_dirs
from django.urls import URLPattern, URLResolver, get_resolver

from jirani.demo import urls as demo
from tools.templates import ROOT, templates

PACKAGE = ROOT / "jirani"
ADDRESS = re.compile(r"""\{%\s*url\s+["']([^"']+)["']""")
INCLUDED = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:html|txt)")
LETTER = re.compile(r"[a-z]+/mail/[a-z_]+")
#: Functions that take the name of an address first.
LEADING = {"redirect", "resolve_url", "reverse", "reverse_lazy"}
#: Named as a path of the web, not of a template.
NO_TEMPLATES = {".well-known/security.txt"}


@cache
def modules() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts
    }


def constants(module: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str))


@cache
def own() -> dict[str, str]:
    """Each template of ours and what it says, by the name under which it is loaded."""
    return {path.as_posix().partition("/templates/")[2]: path.read_text("utf-8") for path in templates()}


@cache
def foreign() -> set[str]:
    """The names of templates of libraries."""
    folders = [Path(folder) for folder in get_app_template_dirs("templates") if PACKAGE not in Path(folder).parents]
    folders.append(Path(django.forms.__file__).parent / "templates")
    return {path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}


@cache
def patterns() -> dict[tuple[str, str], set[str]]:
    """What stands before and after the one value of each formatted string that makes the name of a template, with the functions
    that take that value as an argument.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for module in modules().values():
        for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
            for node in (node for node in ast.walk(function) if isinstance(node, ast.JoinedStr)):
                shape = tuple(part.value if isinstance(part, ast.Constant) else None for part in node.values)
                before, after = _around(shape)
                if before.endswith("/mail/") or after.endswith((".html", ".txt")):
                    found.setdefault((before, after), set()).add(function.name)
    return found


def _around(shape: tuple[object, ...]) -> tuple[str, str]:
    if shape.count(None) != 1:
        return "", ""
    place = shape.index(None)
    return "".join(map(str, shape[:place])), "".join(map(str, shape[place + 1 :]))


@cache
def words() -> set[str]:
    """Every string in the code, and the ends of those with dots or strokes ("events.changed" is the kind of a letter)."""
    said = {word for module in modules().values() for word in constants(module)}
    return said | {re.split(r"[./]", word)[-1] for word in said}


def is_used(name: str) -> bool:
    """Whether the code says the name, or the part of it that a formatted string leaves open."""
    if name in words():
        return True
    fitting = (
        name[len(before) : len(name) - len(after)]
        for before, after in patterns()
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    )
    return any(is_used(middle) for middle in fitting)


def test_each_template_is_used() -> None:
    included = {name for text in own().values() for name in INCLUDED.findall(text)}
    unused = {name for name in own().keys() - included - foreign() if not is_used(name)}
    assert len(own()) > 250
    assert unused == set()
    assert not is_used("events/event/nobody_shows_this.html")


def test_each_template_that_is_named_exists() -> None:
    known = own().keys() | foreign()
    named = {name for text in own().values() for name in INCLUDED.findall(text)}
    named |= {word for word in words() if FILE.fullmatch(word)} - NO_TEMPLATES
    letters = {word for word in words() if LETTER.fullmatch(word)}
    named |= {f"{letter}.{part}.txt" for letter in letters for part in ("subject", "body")}
    named |= set(_shown())
    assert len(named) > 200
    assert named - known == set()


def _shown() -> Iterator[str]:
    """The names of templates that the functions of an app complete: `show(request, "event/event_publish", …)`."""
    for (before, after), functions in patterns().items():
        app = before.partition("/")[0]
        for path, module in modules().items():
            if after == ".html" and path.relative_to(PACKAGE).parts[0] == app:
                yield from (f"{before}{word}{after}" for word in _second_arguments(module, functions))


def _second_arguments(module: ast.AST, functions: set[str]) -> Iterator[str]:
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in functions and len(call.args) > 1:
            yield from constants(call.args[1])


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Every name of an address, with its namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


def test_each_address_that_is_named_exists() -> None:
    known = {*names(get_resolver()), *(f"demo:{pattern.name}" for pattern in demo.urlpatterns)}
    spaces = "|".join({name.partition(":")[0] for name in known if ":" in name})
    like_one = re.compile(rf"(?:{spaces}):[a-z_]*[a-z]")
    named = {name for text in own().values() for name in ADDRESS.findall(text)}
    for module in modules().values():
        named |= {word for word in constants(module) if like_one.fullmatch(word)}
        named |= set(_led_to(module))
    assert len(named) > 150
    assert named - known == set()


def _led_to(module: ast.AST) -> Iterator[str]:
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        if getattr(call.func, "id", "") in LEADING and call.args and isinstance(call.args[0], ast.Constant):
            yield from (word for word in constants(call.args[0]) if "/" not in word)


@pytest.mark.parametrize("text", ["{% url 'a:b' %}", '{% url "a:b" one.pk as there %}'])
def test_an_address_in_a_template_is_seen(text: str) -> None:
    assert ADDRESS.findall(text) == ["a:b"]
