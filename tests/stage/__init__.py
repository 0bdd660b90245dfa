"""A network filled with records of every kind in every mode and state. Each of their texts holds a unique token.

`Stage.tokens` says who may see each token, by asking the permission of its record. The canary test fetches everything
as everybody and looks for tokens that must not be there; the permission test asks both halves of each pair about these records.
A model whose texts hold no token fails `test_every_text_of_every_model_holds_a_token`: whoever adds one puts it on stage, in the
file of its app, whose `fill(stage)` is called after those of the apps below.
"""

from importlib import import_module
from pathlib import Path

from jirani.config.apps import apps_upwards
from jirani.core.enums import AccessMode

from ..cast import assemble
from .newsroom import publish
from .tokens import MODES, Stage, texts

__all__ = ["Stage", "fill", "publish", "texts"]

HERE = Path(__file__).parent


def fill(modes: tuple[AccessMode, ...] = MODES) -> Stage:
    """Put everything on stage but what `publish` adds, in these modes."""
    stage = Stage(assemble(), modes=modes)
    for app in apps_upwards(demo=False):
        if app.name != "newsroom" and (HERE / f"{app.name}.py").exists():  # `publish` adds the articles
            import_module(f"{__name__}.{app.name}").fill(stage)
    return stage
