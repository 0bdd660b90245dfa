"""A network filled with records of every kind in every mode and state. Each of their texts holds a unique token.

`Stage.tokens` says who may see each token, by asking the permission of its record. The canary test fetches everything
as everybody and looks for tokens that must not be there; the permission test asks both halves of each pair about these records.
A model whose texts hold no token fails `test_every_text_of_every_model_holds_a_token`: whoever adds one puts it on stage, in the
file of its app.
"""

from jirani.core.enums import AccessMode

from ..cast import assemble
from . import commitments, events, forums, lessons, members, plans, taxonomy
from .newsroom import publish
from .tokens import MODES, Stage, texts

__all__ = ["Stage", "fill", "publish", "texts"]


def fill(modes: tuple[AccessMode, ...] = MODES) -> Stage:
    """Put everything on stage but what `publish` adds, in these modes."""
    stage = Stage(assemble(), modes=modes)
    for app in (taxonomy, members, forums, plans, events, lessons, commitments):
        app.fill(stage)
    return stage
