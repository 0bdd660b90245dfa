"""Our apps, by layer: the one list of them, from which the settings and the addresses are made.

The contracts in pyproject.toml and the picture in docs/explanation/layers.md cannot be made from it; tests/test_apps.py holds them to it.
"""

from typing import NamedTuple


class App(NamedTuple):
    """One of our apps, by the name of its folder."""

    name: str
    has_urls: bool = False


#: From the top. An app imports only apps on lines below its own; apps on one line don't import each other.
LAYERS = (
    (App("demo", has_urls=True),),
    (App("public", has_urls=True), App("desk", has_urls=True), App("newsroom", has_urls=True)),
    (App("reading"),),
    (App("commitments", has_urls=True),),
    (App("lessons", has_urls=True),),
    (App("events", has_urls=True),),
    (App("plans", has_urls=True),),
    (App("forums", has_urls=True),),
    (App("members", has_urls=True),),
    (App("taxonomy"),),
    (App("translation"),),
    (App("notifications"),),
    (App("audit"),),
    (App("accounts", has_urls=True),),
    (App("ui", has_urls=True),),
    (App("changes"),),
    (App("core"),),
)


def apps_upwards(*, demo: bool) -> tuple[App, ...]:
    """Our apps from the lowest up; `demo` says whether the demo network's is among them."""
    return tuple(app for line in reversed(LAYERS) for app in reversed(line) if demo or app.name != "demo")
