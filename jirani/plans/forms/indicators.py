"""Forms of an activity's indicators and of what was measured."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.plans.enums import IndicatorKind
from jirani.plans.models import Indicator, Measurement
from jirani.translation.forms import named
from jirani.ui.forms import DayInput, Need, not_in_future, type_needs

from .parts import ask_language


class _IndicatorFields(InstanceForm[Indicator]):
    kind = forms.ChoiceField(
        label=_("How it is measured"), widget=forms.RadioSelect, choices=[
            (IndicatorKind.QUANTITATIVE, _("In numbers")), (IndicatorKind.QUALITATIVE, _("In words")),
        ],
    )  # fmt: skip

    class Meta:
        model = Indicator
        fields = ("title", "kind", "unit", "baseline", "target", "language")
        labels: ClassVar[dict[str, Any]] = {"title": _("Indicator")}
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("What you look at, such as “Women among those who hold a seat”."),
            "unit": _("What the numbers count, such as people, hours or KES."),
            "baseline": _("How it was before, and when."),
            "target": _("How it should be, and by when."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["kind"] = IndicatorKind.QUANTITATIVE
        ask_language(self)


class IndicatorForm(OnceForm, _IndicatorFields):
    """A new indicator."""


class IndicatorChangeForm(VersionForm, _IndicatorFields):
    """An indicator, changed."""


class _MeasurementFields(InstanceForm[Measurement]):
    class Meta:
        model = Measurement
        fields = ("measured_on", "value", "words", "language", "source_url")
        widgets: ClassVar[dict[str, Any]] = {
            "measured_on": DayInput,
            "words": forms.Textarea(attrs={"rows": 3}),
        }
        labels: ClassVar[dict[str, Any]] = {"measured_on": _("Measured on")}
        help_texts: ClassVar[dict[str, Any]] = {
            "source_url": _("An address where one can read how it was measured."),
        }

    needed: type_needs = {name: Need(_("one of these two is needed")) for name in ("value", "words")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measured_on"].validators.append(not_in_future)
        if self.instance._state.adding:
            self.initial["measured_on"] = timezone.localdate()
        self._ask_value(self.instance)
        ask_language(self)

    def _ask_value(self, measurement: Measurement) -> None:
        """Ask for a number in the indicator's unit, but not for one of an indicator in words, unless it has one."""
        indicator, now = measurement.indicator, measurement.value
        if now is not None:
            self.initial["value"] = f"{now.normalize():f}"
        if indicator.unit:
            self.fields["value"].label = format_lazy("{} ({})", _("Value"), named(indicator, "unit"))
        if indicator.kind == IndicatorKind.QUALITATIVE and now is None:
            del self.fields["value"]
            self.fields["words"].required = True


class MeasurementForm(OnceForm, _MeasurementFields):
    """A new measurement."""


class MeasurementChangeForm(VersionForm, _MeasurementFields):
    """A measurement, corrected."""
