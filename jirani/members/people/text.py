"""The words of consents: what a person reads is what is kept with their yes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: What a person says yes to, by purpose.
CONSENTS: dict[str, Any] = {
    "named": _("My name may appear in reports of events beside what I said, if I agreed to that as well."),
    "photographs": _("I may be seen in photographs of events that the network publishes."),
    "directory": _("Signed-in people of the network’s members may find my name, post and e-mail address."),
    "news": _("The network may send me its newsletter."),
}
