"""How one can tell that an activity works: its indicators, what was measured, and who may write that down."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.plans.actions import add_measurement
from jirani.plans.models import Activity, Indicator, Measurement
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db


def indicator_of(activity: Activity, **fields: Any) -> Indicator:
    return Indicator.objects.create(activity=activity, **{"kind": "quantitative", "title": "Seats of women"} | fields)


def measured(indicator: Indicator, **fields: Any) -> Measurement:
    said: dict[str, Any] = {"measured_on": date(2024, 5, 1), "value": Decimal(12)}
    return Measurement.objects.create(indicator=indicator, **said | fields)


def at(cast: Cast, name: str, record: Any) -> str:
    return reverse(f"plans:{name}", args=[cast.plan.slug, record.pk])


def new_indicator(**changes: Any) -> dict[str, Any]:
    said = {"title": "Seats of women", "kind": "quantitative", "unit": "seats", "baseline": "2 (2021)", "target": "9"}
    return said | {"language": "en", "once": "k1"} | changes


def new_measurement(**changes: Any) -> dict[str, Any]:
    return {"measured_on": "2024-05-01", "value": "4.5", "language": "en", "once": "k2"} | changes


NAMES = (
    "indicator_create", "indicator_edit", "indicator_remove", "measurement_create", "measurement_edit", "measurement_remove",
)  # fmt: skip


def test_whoever_may_say_how_far_an_activity_got_may_say_how_one_can_tell(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    indicator = indicator_of(activity)
    found = measured(indicator)
    about = dict(zip(NAMES, (activity, indicator, indicator, indicator, found, found), strict=True))
    may = {"coordinator", "hub_coordinator", "mombasa_focal_point", "forum_secretary"}

    for name, record in about.items():
        codes = {
            part: client_of(person).get(at(cast, name, record)).status_code for part, person in cast.people().items()
        }
        assert codes == {part: 200 if part in may else 404 for part in codes}, name
        assert client_of(None).get(at(cast, name, record)).status_code == 302

    elsewhere = [reverse(f"plans:{name}", args=[make.plan(cast.mombasa).slug, about[name].pk]) for name in NAMES]
    assert {client_of(cast.coordinator).get(each).status_code for each in elsewhere} == {404}


def test_an_indicator_and_what_was_measured_are_added_once_and_read_on_the_activity(cast: Cast, client: Client) -> None:
    activity, secretary = make.activity(cast.plan), client_of(cast.forum_secretary)
    page = reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])

    added = [secretary.post(at(cast, "indicator_create", activity), new_indicator()) for _ in range(2)]
    indicator = Indicator.objects.get()
    entered = [
        secretary.post(at(cast, "measurement_create", indicator), new_measurement(source_url="https://example.org/s"))
        for _ in range(2)
    ]

    found = Measurement.objects.get()
    assert {each.headers["Location"] for each in (*added, *entered)} == {f"{page}#indicator-{indicator.pk}"}
    assert (indicator.activity, indicator.unit, indicator.baseline, indicator.target) == (
        activity,
        "seats",
        "2 (2021)",
        "9",
    )
    assert (found.measured_on, found.value, found.source_url) == (
        date(2024, 5, 1),
        Decimal("4.5"),
        "https://example.org/s",
    )
    verbs = Entry.objects.filter(verb__startswith="plans.").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [
        (verb, cast.forum_secretary.user_id) for verb in ("plans.add_indicator", "plans.add_measurement")
    ]
    shown = client.get(page).content.decode()
    assert [words in shown for words in ("Seats of women", "2 (2021)", "<b>4.5</b>", "https://example.org/s")] == [
        True
    ] * 4
    assert "/indicators/" not in shown
    edited = secretary.get(page).content.decode()
    ways = [
        at(cast, "indicator_create", activity),
        *(at(cast, name, indicator) for name in ("indicator_edit", "measurement_create")),
    ]
    assert [way in edited for way in (*ways, at(cast, "measurement_edit", found))] == [True] * 4


def test_a_measurement_says_something_of_a_day_that_has_come(cast: Cast) -> None:
    indicator, client = indicator_of(make.activity(cast.plan)), client_of(cast.forum_secretary)
    to_come = timezone.localdate() + timedelta(days=1)

    def faults(**said: Any) -> dict[str, list[str]]:
        answer = client.post(at(cast, "measurement_create", indicator), new_measurement(**said))
        return {name: list(errors) for name, errors in answer.context["form"].errors.items()}

    assert faults(value="") == {"value": ["Enter a value, or say in words what was found."]}
    assert faults(value="many") == {"value": ["Enter a number such as 1250.50."]}
    assert faults(measured_on=to_come.isoformat()) == {"measured_on": ["Enter today or a day in the past."]}
    with pytest.raises(ValidationError, match="Enter today or a day in the past"):
        add_measurement(
            Measurement(indicator=indicator, measured_on=to_come, value=Decimal(1)), by=user_of(cast.forum_secretary)
        )
    assert not Measurement.objects.exists()


def test_an_indicator_in_words_is_measured_in_words(cast: Cast) -> None:
    indicator, client = indicator_of(make.activity(cast.plan), kind="qualitative"), client_of(cast.forum_secretary)
    address = at(cast, "measurement_create", indicator)

    refused = client.post(address, new_measurement(words=""))
    client.post(address, new_measurement(words="People speak up."))

    assert (list(refused.context["form"].errors), "value" in refused.context["form"].fields) == (["words"], False)
    assert Measurement.objects.values_list("value", "words").get() == (None, "People speak up.")


def test_a_correction_does_not_win_silently_and_the_audit_keeps_what_stood_there(cast: Cast) -> None:
    indicator = indicator_of(make.activity(cast.plan))
    found, client = measured(indicator), client_of(cast.mombasa_focal_point)
    address = at(cast, "measurement_edit", found)
    opened = client.get(address).context["form"]
    assert opened["value"].value() == "12"
    first = new_measurement(version=opened["version"].value(), value="13")

    client.post(address, first)
    late = client_of(cast.forum_secretary).post(address, first | {"value": "99"})

    found.refresh_from_db()
    assert (found.value, late.status_code) == (Decimal(13), 422)
    entry = Entry.objects.get(verb="plans.edit_measurement")
    assert (entry.details["before"], entry.details["after"]) == ({"value": "12"}, {"value": "13"})

    client.post(
        at(cast, "indicator_edit", indicator),
        new_indicator(title="Women who hold a seat", unit="", baseline="", target=""),
    )
    entry = Entry.objects.get(verb="plans.edit_indicator")
    assert entry.details == {"before": {"title": "Seats of women"}, "after": {"title": "Women who hold a seat"}}


def test_an_indicator_goes_when_nothing_was_measured_and_the_audit_keeps_what_went(cast: Cast) -> None:
    indicator = indicator_of(make.activity(cast.plan))
    found, client = measured(indicator), client_of(cast.forum_secretary)

    refused = client.post(at(cast, "indicator_remove", indicator))
    assert (refused.status_code, Indicator.objects.count()) == (422, 1)
    assert refused.context["form"].non_field_errors() == [
        "This indicator cannot be deleted because something was measured. Delete that first."
    ]
    client.post(at(cast, "measurement_remove", found))
    client.post(at(cast, "indicator_remove", indicator))

    assert (Measurement.objects.count(), Indicator.objects.count()) == (0, 0)
    kept = Entry.objects.get(verb="plans.remove_measurement").details["before"]
    assert kept == {"language": "en", "measured_on": "2024-05-01", "value": "12"}
    assert Entry.objects.get(verb="plans.remove_indicator").details["before"]["title"] == "Seats of women"


def test_a_hundred_indicators_are_a_page_and_one_comes_back_to_the_page_on_which_its_own_stands(
    cast: Cast, client: Client
) -> None:
    activity = make.activity(cast.plan)
    Indicator.objects.bulk_create(
        Indicator(activity=activity, kind="qualitative", title=f"No. {n}") for n in range(100)
    )
    page = reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])

    added = client_of(cast.forum_secretary).post(at(cast, "indicator_create", activity), new_indicator())

    last = Indicator.objects.latest("pk")
    assert added.headers["Location"] == f"{page}?indicators=101#indicator-{last.pk}"
    assert [len(client.get(page + query).context["indicators"]) for query in ("", "?indicators=101")] == [100, 1]
