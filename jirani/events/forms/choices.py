"""Who may see what, by name and in a sentence."""

from django.utils.translation import gettext as _

from jirani.core.enums import AccessMode


def access_choices(widest: str = AccessMode.PUBLIC, closed: str = "") -> list[tuple[str, str]]:
    """Access modes by name and in a sentence, none wider than `widest`. `closed`: the sentence for a closed record."""
    sentences = {
        AccessMode.PUBLIC: _("Public: everybody may see it"),
        AccessMode.NETWORK: _("Network: signed-in people of members may see it"),
        AccessMode.CLOSED: closed or _("Closed: only the people of this event may see it"),
    }
    modes = list(AccessMode)
    return [(mode.value, sentences[mode]) for mode in modes[modes.index(AccessMode(widest)) :]]
