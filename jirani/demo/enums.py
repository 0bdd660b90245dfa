"""The roles that the demo offers: one click, one role. People of the demo have no names but their roles."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Every address of the demo ends in it. `.example` belongs to nobody (RFC 2606).
DEMO_DOMAIN = "demo.jirani.example"

#: The audit verb under which a load of the demo is written down.
LOADED = "demo.load"


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A role one can sign in as, with one line on what it is for."""

    key: str
    label: str | Promise
    purpose: str | Promise

    @property
    def email(self) -> str:
        """The address of the role's account."""
        return f"{self.key}@{DEMO_DOMAIN}"


_ROLES = (
    DemoRole("coordinator", _("Network coordinator"), _("Creates events, invites people and has the report written.")),
    DemoRole(
        "hub-coordinator",
        _("Hub coordinator, East and Southern Africa"),
        _("Looks after the members and events of one region."),
    ),
    DemoRole("focal-kwale", _("Focal point of Kwale"), _("Takes up lessons and says what became of them.")),
    DemoRole("focal-mombasa", _("Focal point of Mombasa"), _("Shares what worked at home and follows who took it up.")),
    DemoRole(
        "secretary", _("Secretary of the Mombasa forum"), _("Keeps the forum's seats, meetings, decisions and plan.")
    ),
    DemoRole("rapporteur", _("Rapporteur of a session"), _("Types what was said and makes lessons from it.")),
    DemoRole("editor", _("Editor"), _("Edits and publishes articles and reports.")),
    DemoRole("translator", _("Translator"), _("Looks after the texts in four languages.")),
    DemoRole("participant", _("Participant"), _("Sees their programme and says what they learned.")),
)

#: The roles by key, in the order in which they are offered.
DEMO_ROLES: dict[str, DemoRole] = {role.key: role for role in _ROLES}
