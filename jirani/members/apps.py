from datetime import date
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.accounts.registry import ask_second_factor_of
from jirani.changes.registry import NEVER, PUBLIC, listen, watch
from jirani.core.constraints import register_rules
from jirani.core.registry import register_nightly, register_personal
from jirani.core.sheets import register_importer
from jirani.notifications.registry import register_alert, register_coordinators, register_letters
from jirani.ui import text


class MembersConfig(AppConfig):
    name = "jirani.members"
    label = "members"

    def ready(self) -> None:
        """Take part when a person is exported or erased, or if their data has expired; say what can come in a spreadsheet, and who coordinates."""
        from jirani.notifications.actions import CLOCK, UNDELIVERED

        from .actions import erase_expired, erase_own, export_own, keep, list_erased, those_who_coordinate
        from .authorities.importers import MEMBERS
        from .people.actions.named import follow_named, is_theirs
        from .permissions import answers_for_network
        from .rules import RULES

        register_rules(*RULES)
        watch("members.Organisation", unread=("name_key", "local_name_key"))
        watch("members.Agreement", "members.Grant", state=("access",), shown=PUBLIC)
        watch("members.Membership", state=("state",))
        watch("members.Hub", "members.LocalAuthority", "members.Tenure", "members.NetworkRole")
        listen("members.letters", follow_named, "members.Tenure", "members.NetworkRole")
        register_letters({"members.named": is_theirs})
        watch("members.Person", unread=("email", "user"))
        watch("members.Consent", shown=NEVER)
        register_personal(self.label, export=export_own, erase=erase_own, erase_expired=erase_expired, keep=keep)
        register_nightly("members.list_erased", list_erased)
        register_importer(MEMBERS)
        register_coordinators(those_who_coordinate)
        ask_second_factor_of(answers_for_network)
        register_alert(
            UNDELIVERED,
            sentence=lambda facts: _("Some e-mails could not be delivered."),
            link=lambda facts: reverse("members:letter_list"),
        )
        register_alert(CLOCK, sentence=_doubt, link=lambda facts: reverse("members:clock_confirm"))


def _doubt(facts: dict[str, Any]) -> str:
    days = {name: text.day(date.fromisoformat(day), style="full") for name, day in facts.items()}
    return (
        _(
            "The server says that today is %(today)s, but it was last sure of the date on %(last)s. Nothing is erased and nobody is asked anything "
            "until you say whether the date is right."
        )
        % days
    )
