"""The form in which it is said how far others have looked at a lesson."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import VersionForm
from jirani.lessons.enums import ReviewLevel
from jirani.lessons.models import Lesson

#: What each level promises to a reader.
_MEANINGS = {
    ReviewLevel.SHARED: _("Shared: as those tell it who learned it."),
    ReviewLevel.INSPIRING: _("Inspiring: the network commends it to other places."),
    ReviewLevel.PEER_REVIEWED: _("Peer reviewed: people from other places have examined it and confirm it."),
}


class ReviewForm(VersionForm):
    """How far others have looked at a lesson."""

    review_level = forms.ChoiceField(
        label=_("How far others have looked at it"), choices=tuple(_MEANINGS.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, lesson: Lesson, **kwargs: Any) -> None:
        super().__init__(*args, record=lesson, **kwargs)
