from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import ngettext

from jirani.changes.registry import PUBLIC, listen, watch
from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal
from jirani.core.text import active_language
from jirani.events.registry import register_follower
from jirani.notifications.registry import register_alert, register_job, register_letters
from jirani.plans.enums import Status
from jirani.ui import text


class CommitmentsConfig(AppConfig):
    name = "jirani.commitments"
    label = "commitments"

    def ready(self) -> None:
        """Take part when a person is exported or erased."""
        from .actions.files import follow as follow_files
        from .actions.narrowing import follow, foresee
        from .actions.personal import erase_person, export_person
        from .actions.reminders import NOBODY, remind_due
        from .actions.withdrawn import STANDS, ask_again
        from .actions.withdrawn import follow as follow_letters
        from .rules import RULES

        register_rules(*RULES)
        made = [{"access": "public", "status": status} for status in Status.values if status != Status.DRAFT]
        watch("commitments.Commitment", state=("access", "status"), shown=made)
        watch("commitments.Outcome", state=("access",), shown=PUBLIC)
        watch("commitments.Evidence", state=("access", "file"), shown=PUBLIC)
        listen("commitments.files", follow_files, "commitments.Evidence")
        letters = ("commitments.Commitment", "commitments.FollowUp", "members.Organisation")
        listen("commitments.letters", follow_letters, *letters)
        register_letters(STANDS, unsent=ask_again)
        watch("commitments.FollowUp", unread=("reminded_on",))
        watch("commitments.Milestone", "commitments.Adaptation")
        register_personal(self.label, export=export_person, erase=erase_person)
        for source in ("events.event", "events.session", "lessons.lesson"):
            register_follower(source, foresee=foresee, follow=follow)
        register_job("commitments.remind_due", remind_due)
        register_alert(NOBODY, sentence=_nobody, link=_answer, together=_nobody_anywhere, records=_organisations)


def _nobody(facts: dict[str, Any]) -> str:
    sentence = ngettext(
        "A follow-up of %(organisation)s is due, and nobody may answer it. Appoint somebody to a post, or answer it yourself.",
        "%(number)s follow-ups of %(organisation)s are due, and nobody may answer them. Appoint somebody to a post, or answer them yourself.",
        facts["number"],
    )
    return sentence % {"organisation": facts["names"][active_language()], "number": text.number(facts["number"])}


def _nobody_anywhere(organisations: int) -> str:
    sentence = ngettext(
        "Follow-ups of %(number)s organisation are due, and nobody may answer them. Appoint somebody to a post, or answer them yourself.",
        "Follow-ups of %(number)s organisations are due, and nobody may answer them. Appoint somebody to a post at each, or answer them yourself.",
        organisations,
    )
    return sentence % {"number": text.number(organisations)}


def _organisations(facts: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["names"][active_language()], _answer(one)) for one in facts]


def _answer(facts: dict[str, Any]) -> str:
    return reverse("commitments:follow_up_answer", args=[facts["follow_up"]])
