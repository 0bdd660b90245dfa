from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import ngettext

from jirani.core.registry import register_nightly
from jirani.notifications.registry import register_alert
from jirani.ui.text import number


class DeskConfig(AppConfig):
    name = "jirani.desk"
    label = "desk"

    def ready(self) -> None:
        """Look each night for records that contradict each other."""
        from .actions import CONTRADICTIONS, look_for_contradictions

        register_nightly(CONTRADICTIONS, look_for_contradictions)
        register_alert(CONTRADICTIONS, sentence=_sentence, link=lambda facts: reverse("desk:contradiction_list"))


def _sentence(facts: dict[str, Any]) -> str:
    many: int = facts["number"]
    words = ngettext("%(number)s record contradicts another one.", "%(number)s records contradict others.", many)
    return words % {"number": number(many)}
