"""Pages for saying how one can tell that an activity works, and what was measured."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.acting.forms import RemovalForm, sent
from jirani.core.paging import query_to
from jirani.core.routes import signed_in, user_of
from jirani.core.text import active_language
from jirani.plans.actions import (
    add_indicator,
    add_measurement,
    edit_indicator,
    edit_measurement,
    remove_indicator,
    remove_measurement,
)
from jirani.plans.forms import IndicatorChangeForm, IndicatorForm, MeasurementChangeForm, MeasurementForm
from jirani.plans.models import Activity, Indicator, Measurement
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .activities import editable_activity

_PLAN = "activity__objective__pillar__plan"


def _indicator(request: HttpRequest, slug: str, pk: int) -> Indicator:
    indicators = Indicator.objects.editable_by(request.user).select_related(f"{_PLAN}__authority")
    indicator = get_object_or_404(indicators, pk=pk, **{f"{_PLAN}__slug": slug})
    translate_now(indicator, indicator.activity, indicator.activity.objective.pillar.plan)
    return indicator


def _measurement(request: HttpRequest, slug: str, pk: int) -> Measurement:
    measurements = Measurement.objects.editable_by(request.user).select_related(f"indicator__{_PLAN}__authority")
    found = get_object_or_404(measurements, pk=pk, **{f"indicator__{_PLAN}__slug": slug})
    indicator = found.indicator
    translate_now(found, indicator, indicator.activity, indicator.activity.objective.pillar.plan)
    return found


def _home(activity: Activity, indicator: Indicator | None = None) -> str:
    """Return the address at which an activity is read, at one of its indicators."""
    page = reverse("public:activity_detail", args=[activity.objective.pillar.plan.slug, activity.pk])
    if indicator is None:
        return f"{page}#indicators"
    return (
        f"{page}{query_to(activity.indicators.order_by('pk'), indicator, name='indicators')}#indicator-{indicator.pk}"
    )


def _show(
    request: HttpRequest, template: str, activity: Activity, indicator: Indicator | None = None, **context: Any
) -> HttpResponse:
    """A page about an activity or one of its indicators."""
    plan, back = activity.objective.pillar.plan, _home(activity, indicator)
    links = [
        {"name": plan.called_in(active_language()), "url": reverse("public:plan_detail", args=[plan.slug])},
        {"name": named(activity, "title"), "url": back},
    ]
    known = {"plan": plan, "activity": activity, "indicator": indicator, "back": back, "links": links}
    return form_page(request, template, known | context)


@signed_in
def indicator_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add an indicator to an activity."""
    activity = editable_activity(request, slug, pk)
    form = IndicatorForm(sent(request), instance=Indicator(activity=activity))
    if form.is_valid() and (indicator := form.submit(add_indicator, by=user_of(request))):
        messages.success(request, _("The indicator is added. Enter what was measured, as soon as it is known."))
        return form.arrived(redirect(_home(activity, indicator)))
    return _show(request, "plans/indicator_form.html", activity, form=form)


@signed_in
def indicator_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change an indicator."""
    indicator = _indicator(request, slug, pk)
    form = IndicatorChangeForm(sent(request), instance=indicator)
    if form.is_valid() and form.submit(edit_indicator, by=user_of(request)):
        messages.success(request, _("The indicator is saved."))
        return form.arrived(redirect(_home(indicator.activity, indicator)))
    return _show(request, "plans/indicator_form.html", indicator.activity, indicator, form=form)


@signed_in
def measurement_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Enter what was measured of an indicator."""
    indicator = _indicator(request, slug, pk)
    form = MeasurementForm(sent(request), instance=Measurement(indicator=indicator))
    if form.is_valid() and form.submit(add_measurement, by=user_of(request)):
        messages.success(request, _("The measurement is saved."))
        return form.arrived(redirect(_home(indicator.activity, indicator)))
    return _show(request, "plans/measurement_form.html", indicator.activity, indicator, form=form)


@signed_in
def measurement_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct what was measured."""
    measurement = _measurement(request, slug, pk)
    indicator = measurement.indicator
    form = MeasurementChangeForm(sent(request), instance=measurement)
    if form.is_valid() and form.submit(edit_measurement, by=user_of(request)):
        messages.success(request, _("The measurement is saved."))
        return form.arrived(redirect(_home(indicator.activity, indicator)))
    return _show(
        request, "plans/measurement_form.html", indicator.activity, indicator, form=form, measurement=measurement
    )


def _remove(
    request: HttpRequest, part: Any, indicator: Indicator, remove: Callable[..., Any], words: dict[str, str]
) -> HttpResponse:
    """Ask, or delete a record and go to its activity. `words`: question, consequence, action, done."""
    form = RemovalForm(sent(request), record=part)
    if form.is_valid() and form.submit(remove, by=user_of(request)):
        messages.success(request, words["done"])
        return redirect(_home(indicator.activity))
    return _show(request, "ui/removal.html", indicator.activity, indicator, form=form, **words)


@signed_in
def indicator_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete an indicator of which nothing was measured."""
    indicator = _indicator(request, slug, pk)
    words = {
        "question": _("Delete “%(title)s”?") % {"title": named(indicator, "title")},
        "consequence": _("It disappears from the page of the activity. This cannot be undone."),
        "action": _("Delete the indicator"),
        "done": _("The indicator is deleted."),
    }
    return _remove(request, indicator, indicator, remove_indicator, words)


@signed_in
def measurement_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete what was measured."""
    measurement = _measurement(request, slug, pk)
    words = {
        "question": _("Delete this measurement?"),
        "consequence": _("It disappears from the page of the activity. This cannot be undone."),
        "action": _("Delete the measurement"),
        "done": _("The measurement is deleted."),
    }
    return _remove(request, measurement, measurement.indicator, remove_measurement, words)
