"""What the pages of plans say about money."""

from babel.numbers import format_currency
from django.utils.translation import gettext

from jirani.plans.models import Activity
from jirani.ui.text.locales import DIGITS, active


def budget_words(activity: Activity) -> str:
    """Write what an activity costs as the locale writes money."""
    if activity.no_cost:
        return gettext("no cost")
    if activity.budget is None:
        return gettext("not stated")
    whole = activity.budget == activity.budget.to_integral_value()
    return format_currency(
        activity.budget,
        activity.currency,
        format="#,##0" if whole else "#,##0.00",
        locale=active(),
        currency_digits=False,
        format_type="name",
        numbering_system=DIGITS,
    )
