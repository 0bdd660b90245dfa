"""What the forms of commitments and of what came of them offer, to whom, and what they begin with."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from jirani.commitments.forms import (
    AdaptationChangeForm,
    AdaptationForm,
    AnswerForm,
    CommitmentChangeForm,
    CommitmentForm,
    CompletionForm,
    DropForm,
    EvidenceChangeForm,
    EvidenceForm,
    OutcomeChangeForm,
    OutcomeForm,
    PracticeForm,
)
from jirani.commitments.models import Adaptation, Commitment, FollowUp, Outcome
from jirani.core.enums import AccessMode
from jirani.members.models import Agreement, Grant
from jirani.plans.enums import Completion, Status
from jirani.plans.models import Objective, Pillar
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import LANGUAGES, choices, leading, taken, translated
from tests.rows import rows

from .pages import made

pytestmark = pytest.mark.django_db

PUBLIC, NETWORK, CLOSED = AccessMode


def new(by: Any, data: Any = None, **fields: Any) -> Any:
    return CommitmentForm(data, instance=Commitment(**fields), by=user_of(by))


def change(commitment: Commitment, by: Any, data: Any = None) -> Any:
    return CommitmentChangeForm(data, instance=Commitment.objects.get(pk=commitment.pk), by=user_of(by))


def query(sent: dict[str, Any]) -> Any:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return data


def test_a_promise_is_made_for_whom_the_user_speaks_and_supported_by_who_is_near(cast: Cast) -> None:
    for name, country in (("Near", "KE"), ("Far", "MA"), ("Anywhere", "")):
        make.organisation(name, country=country)
    far = make.organisation("Faraway", country="MA")
    for authority, name in ((cast.kwale, "Kaunti ya Kwale"), (cast.mombasa, "Bahari")):
        translated(authority.organisation, name)
    own = made(cast)
    own.supporting.set([far])
    home = make.authority("Rabat", country="MA")
    make.tenure(cast.mombasa_focal_point, home.organisation)

    with override("sw"):
        one, several = new(cast.kwale_focal_point), new(cast.hub_coordinator)
        both, kept = new(cast.mombasa_focal_point), change(own, cast.kwale_focal_point)

    everywhere = {"Anywhere", "Mombasa civil society"}
    assert [choices(form, "organisation") for form in (one, several, both)] == [
        ["Kaunti ya Kwale"], ["Bahari", "Kaunti ya Kwale"], ["Bahari", "Rabat"],
    ]  # fmt: skip
    blank = [[label for value, label in form.fields["organisation"].choices if not value] for form in (one, several)]
    assert [len(labels) for labels in blank] == [0, 1]
    assert [form["organisation"].value() for form in (one, several)] == [cast.kwale.organisation.pk, None]
    assert [taken(form, "organisation") for form in (one, both)] == [{"Kwale County"}, {"Mombasa County", "Rabat"}]
    assert set(choices(one, "supporting")) == everywhere | {"Near", "Bahari"}
    assert set(choices(several, "supporting")) == everywhere | {"Near", "Bahari", "Kaunti ya Kwale"}
    assert set(choices(both, "supporting")) == everywhere | {
        "Near",
        "Far",
        "Faraway",
        "Rabat",
        "Bahari",
        "Kaunti ya Kwale",
    }
    assert set(choices(kept, "supporting")) == everywhere | {"Near", "Bahari", "Faraway"}
    asides = [form.fields["supporting"].aside.partition("?")[2] for form in (one, both)]
    assert asides == ["country=KE", ""]


def test_it_stands_in_a_plan_that_the_user_may_edit(cast: Cast) -> None:
    plan = make.plan(cast.kwale, title="Ours")
    first = make.activity(plan, title="First")
    make.activity(plan, title="Done", status=Status.DONE)
    dropped = [
        make.activity(plan, title=name, status=Status.DROPPED, dropped_because="Why") for name in ("Gone", "Kept")
    ]
    theirs = make.activity(cast.plan, title="Theirs")
    for record, name in (
        (plan, "Mpango"),
        (first, "Kwanza"),
        (first.objective.pillar, "Nguzo"),
        (first.objective, "Lengo"),
    ):
        translated(record, name, "title")
    Objective.objects.create(pillar=Pillar.objects.create(plan=plan, number=2, title="Second"), number=1, title="Other")
    helper = make.organisation()
    make.tenure(cast.kwale_focal_point, helper)
    stands, foreign = made(cast, activity=dropped[1]), make.commitment(helper, activity=theirs)

    with override("sw"):
        form, kept = new(cast.kwale_focal_point), change(stands, cast.kwale_focal_point)
        all_ = new(cast.coordinator)
        assert choices(form, "activity") == ["1.1.1 Kwanza", "1.1.2 Done"]
        assert choices(kept, "activity") == ["1.1.1 Kwanza", "1.1.2 Done", "1.1.4 Kept"]
        assert choices(form, "new_objective") == ["1.1. Lengo", "2.1. Other"]
    assert (taken(form, "activity"), taken(kept, "activity")) == ({"First", "Done"}, {"First", "Done", "Kept"})
    assert taken(form, "new_objective") == {str(first.objective), "1. Other"}
    groups = [sorted(str(heading) for heading, _rows in one.fields["activity"].choices[1:]) for one in (form, all_)]
    assert groups == [["1. Nguzo"], ["Mpango – 1. Nguzo", f"{cast.plan.title} – 1. {theirs.objective.pillar.title}"]]
    assert "new_activity" in leading(form)
    tied = {"activity", "new_activity", "new_objective"}
    offered = [
        tied & set(one.fields)
        for one in (form, kept, all_, change(foreign, cast.kwale_focal_point), change(foreign, cast.coordinator))
    ]
    assert offered == [tied, tied, tied, set(), tied]
    make.tenure(cast.editor, make.organisation())
    assert not tied & set(new(cast.editor).fields)


def test_papers_are_those_that_its_people_signed_or_may_see(cast: Cast) -> None:
    signed, strange, hidden = (
        Agreement.objects.create(title=name, kind="partnership", access=mode)
        for name, mode in (("Signed", NETWORK), ("Strange", PUBLIC), ("Hidden", CLOSED))
    )
    signed.parties.set([cast.kwale.organisation, cast.mombasa.organisation])
    strange.parties.set([cast.mombasa.organisation])
    hidden.parties.set([cast.mombasa.organisation])
    translated(signed, "Mkataba", "title")
    donor = make.organisation("Donor")
    Grant.objects.create(funder=donor, programme="Open", access=PUBLIC)
    Grant.objects.create(funder=donor, programme="Closed", access=CLOSED)
    with override("sw"):
        form = new(cast.kwale_focal_point)
        assert (choices(form, "agreement"), choices(form, "grant")) == (["Mkataba"], ["Open"])
    sent = {
        "organisation": cast.mombasa.organisation.pk, "title": "Rotate", "language": "en", "transfer_step": "adapt",
        "access": "public", "agreement": signed.pk, **rows("milestones"),
    }  # fmt: skip
    faults = {}
    for name, paper in (("signed", signed), ("strange", strange)):
        for body in (cast.kwale, cast.mombasa):
            data = query(sent | {"agreement": paper.pk, "organisation": body.organisation.pk})
            faults[name, str(body)] = list(new(cast.hub_coordinator, data).errors)
    assert faults == {
        ("signed", "Kwale County"): [], ("signed", "Mombasa County"): [],
        ("strange", "Kwale County"): ["agreement"], ("strange", "Mombasa County"): [],
    }  # fmt: skip


def test_a_promise_begins_in_the_readers_language_with_the_widest_mode_that_it_may_have(cast: Cast) -> None:
    narrow, published = make.lesson(access=NETWORK), made(cast, access=NETWORK, made_on=date(2021, 3, 1))
    draft, old = made(cast, status=Status.DRAFT), made(cast)
    with override("sw"):
        forms = [
            new(cast.kwale_focal_point), new(cast.kwale_focal_point, lesson=narrow),
            *(change(one, cast.kwale_focal_point) for one in (published, draft, old)),
        ]  # fmt: skip
    assert [form["language"].value() for form in forms] == ["sw", "sw", "en", "en", "en"]
    assert [form["access"].value() for form in forms] == [PUBLIC, NETWORK, NETWORK, PUBLIC, PUBLIC]
    assert [[value for value, _label in form.fields["access"].choices] for form in forms[:2]] == [
        [*AccessMode],
        [NETWORK, CLOSED],
    ]
    assert [
        str(form.fields["access"].help_text)[:6] for form in map(new_in_english, ((cast, None), (cast, narrow)))
    ] == ["Public", "Never "]
    assert [form.fields["made"].required for form in forms] == [False, False, True, False, False]
    assert [
        "you publish" in str(change(one, cast.kwale_focal_point).fields["made"].help_text) for one in (published, draft)
    ] == [False, True]
    assert leading(forms[0]) == {"title", "problem", "description", "lead"}
    assert leading(forms[0].rows[0]) == {"title"}
    assert ["done_on" in form.rows[0].fields for form in (forms[0], forms[3])] == [False, True]


def new_in_english(what: tuple[Cast, Any]) -> Any:
    cast, lesson = what
    return new(cast.kwale_focal_point, lesson=lesson)


def test_days_are_in_order_and_an_activity_is_chosen_or_added(cast: Cast) -> None:
    activity = make.activity(make.plan(cast.kwale))
    sent = {
        "organisation": cast.kwale.organisation.pk, "title": "Rotate", "language": "en", "transfer_step": "adapt",
        "access": "public", "due_on": "2030-05-01", **rows("milestones"),
    }  # fmt: skip
    draft = made(cast, status=Status.DRAFT, made_on=date(2022, 6, 1), due_on=date(2022, 7, 1))

    def faults(more: dict[str, Any], stored: Commitment | None = None) -> dict[str, list[str]]:
        data = query(sent | more)
        form = change(stored, cast.kwale_focal_point, data) if stored else new(cast.kwale_focal_point, data)
        return {name: [str(one)[:12] for one in words] for name, words in form.errors.items()}

    place = {"new_objective": activity.objective_id}
    early = {"due_on": ["Enter a day "]}
    assert faults({}) == {}
    assert faults({"new_activity": "Rotate", **place}) == {}
    assert faults({"new_activity": "Rotate", **place, "activity": activity.pk}) == {"new_activity": ["Choose an ac"]}
    assert faults(place) == {"new_activity": ["Say what is "]}
    assert faults({"activity": activity.pk}) == {}
    assert faults({"due_on": "2020-01-01"}) == early
    assert faults({"due_on": "2020-01-01", "made": "2020-01-01"}) == {}
    assert faults({"due_on": "2020-01-01", "made": "2020-01-02"}) == early
    assert faults({"due_on": "2022-05-01", "made": ""}, draft) == {}
    assert faults({"due_on": "2022-06-01", "made": "2022-06-01"}, draft) == {}
    assert faults({"due_on": "2022-05-31", "made": "2022-06-01"}, draft) == early
    assert faults({"due_on": "2022-07-01", "made": "2022-07-02"}, draft) == early
    step = rows("milestones", {"title": "Ask", "due_on": "2022-05-31", "done_on": "2022-05-31"})
    assert faults({**step, "made": "2022-06-01"}, draft) == {
        "milestones-0-due_on": ["Enter a day "], "milestones-0-done_on": ["Enter a day "],
    }  # fmt: skip
    form = new(cast.kwale_focal_point, query(sent | {"new_activity": "Rotate", **place, "language": "sw"}))
    assert form.is_valid()
    added = form.facts["new_activity"]
    assert (added.title, added.objective, added.language, added.lead, added.until_on) == (
        "Rotate", activity.objective, "sw", cast.kwale.organisation, date(2030, 5, 1),
    )  # fmt: skip
    assert new(cast.kwale_focal_point, query(sent)).is_valid()


def test_what_came_of_it_is_shown_no_wider_than_it(cast: Cast) -> None:
    promise, open_ = made(cast, access=NETWORK), made(cast)
    outcome, shown = make.outcome(promise, access=CLOSED), make.evidence(promise, access=NETWORK)
    inner = make.evidence(promise, outcome=outcome, access=CLOSED)

    def modes(form: Any, name: str) -> tuple[list[str], Any]:
        return [value for value, _label in form.fields[name].choices], form[name].value()

    narrow, least = [NETWORK, CLOSED], [CLOSED]
    assert modes(EvidenceForm(commitment=open_), "proof_access") == ([*AccessMode], PUBLIC)
    assert modes(EvidenceForm(commitment=promise), "proof_access") == (narrow, NETWORK)
    assert modes(EvidenceForm(commitment=promise, outcome=outcome), "proof_access") == (least, CLOSED)
    assert modes(CompletionForm(commitment=promise), "proof_access") == (narrow, NETWORK)
    assert modes(OutcomeForm(instance=Outcome(commitment=promise)), "proof_access") == (narrow, NETWORK)
    assert modes(OutcomeForm(instance=Outcome(commitment=promise)), "access") == (narrow, NETWORK)
    assert modes(OutcomeChangeForm(instance=outcome), "access") == (narrow, CLOSED)
    assert modes(EvidenceChangeForm(evidence=shown), "access") == (narrow, NETWORK)
    assert modes(EvidenceChangeForm(evidence=inner), "access") == (least, CLOSED)
    changed = OutcomeChangeForm(instance=outcome)
    assert str(changed.fields["access"].help_text) == "Its evidence is never shared more widely."
    assert EvidenceForm(commitment=open_).fields["title"].required


def test_an_outcome_is_confirmed_by_another_organisation_near(cast: Cast) -> None:
    near, far, _anywhere = (
        make.organisation(n, country=c) for n, c in (("Near", "KE"), ("Far", "MA"), ("Anywhere", ""))
    )
    translated(near, "Jirani")
    promise = made(cast)
    stored = make.outcome(promise, substantiated_by=far)
    with override("sw"):
        new_, kept = OutcomeForm(instance=Outcome(commitment=promise)), OutcomeChangeForm(instance=stored)
        offered = {"Anywhere", "Jirani", "Mombasa County", "Mombasa civil society"}
        assert [set(choices(form, "substantiated_by")) for form in (new_, kept)] == [offered, offered | {"Far"}]
        assert [form["language"].value() for form in (new_, kept)] == ["sw", "en"]
    assert "Kwale County" not in taken(new_, "substantiated_by")
    assert {"Near", "Far", "Anywhere"} <= taken(new_, "substantiated_by")
    assert new_.fields["substantiated_by"].aside.endswith("?country=KE")  # type: ignore[attr-defined]


def test_other_forms_of_results_begin_with_what_is_known(cast: Cast) -> None:
    promise = made(cast, completion=Completion.NO_EVIDENCE, status=Status.DONE)
    proven, limited = made(cast), made(cast, completion=Completion.LIMITED)
    for one in (proven, limited):
        make.evidence(one)
    adaptation = Adaptation.objects.create(commitment=promise, kept="All", why="It fits", language="fr")
    facts: dict[str, Any] = {"commitment": promise, "side": "government", "due_on": date(2026, 1, 1)}
    asked, said = (
        FollowUp.objects.create(**facts, months=months, words=words, language="fr")
        for months, words in ((3, ""), (6, "Oui"))
    )
    with override("sw"):
        completions = [CompletionForm(commitment=one) for one in (promise, proven, limited)]
        adaptations: list[Any] = [AdaptationForm(commitment=promise), AdaptationChangeForm(adaptation=adaptation)]
        answers = [AnswerForm(follow_up=one) for one in (asked, said)]
        assert [form["completion"].value() for form in completions] == [
            Completion.NO_EVIDENCE,
            None,
            Completion.LIMITED,
        ]
        assert [form["close"].value() for form in completions] == [True, False, False]
        assert [form["language"].value() for form in adaptations] == ["sw", "fr"]
        assert [form["kept"].value() for form in adaptations] == [None, "All"]
        assert [form["language"].value() for form in answers] == ["sw", "fr"]
        assert [choices(form, "language") for form in (*adaptations, *answers)] == [LANGUAGES] * 4
        english = DropForm(commitment=promise).fields["because"]
    assert english.widget.attrs["lang"] == "en"
    assert "lang" not in DropForm(commitment=promise).fields["because"].widget.attrs


def test_a_practice_begins_with_its_outcome(cast: Cast) -> None:
    promise = made(cast, access=NETWORK)
    outcome = make.outcome(
        promise, change="Elders meet.", significance="They trust.", access=NETWORK, language="fr", illustrative=True,
        source_url="https://example.org/o",
    )  # fmt: skip
    bare = make.outcome(promise, change="Elders meet.", access=NETWORK)
    make.tenure(cast.kwale_focal_point, cast.mombasa.organisation)
    form = PracticeForm(outcome=outcome, by=user_of(cast.kwale_focal_point))
    assert {name: form[name].value() for name in ("body", "language", "authorities", "access", "source_url")} == {
        "body": "Elders meet.\n\nThey trust.", "language": "fr", "authorities": [cast.kwale.pk], "access": NETWORK,
        "source_url": "https://example.org/o",
    }  # fmt: skip
    assert (choices(form, "kind"), form.instance.illustrative, "addressees" in form.fields) == (
        ["good practice"],
        True,
        False,
    )
    assert PracticeForm(outcome=bare, by=user_of(cast.kwale_focal_point))["body"].value() == "Elders meet."


def test_evidence_needs_a_name_and_something_to_look_at(cast: Cast) -> None:
    promise, proven = made(cast), made(cast)
    make.evidence(proven)
    title, link, public = {"title": "Minutes"}, {"link": "https://example.org/m"}, {"proof_access": "public"}

    def faults(form: Any) -> list[str]:
        return sorted(form.errors)

    def evidence(*parts: dict[str, str]) -> list[str]:
        return faults(
            EvidenceForm(
                query({key: value for part in (public, *parts) for key, value in part.items()}), commitment=promise
            )
        )

    assert evidence(title, link) == []
    assert evidence(title) == ["link"]
    assert evidence(link) == ["title"]
    assert evidence() == ["title"]
    assert evidence(title, {"link": "no link at all"}) == ["link"]

    def completion(level: str, *parts: dict[str, str], of: Commitment = promise) -> list[str]:
        data = {key: value for part in (public, {"completion": level}, *parts) for key, value in part.items()}
        return faults(CompletionForm(query(data), commitment=of))

    assert completion("limited") == ["title"]
    assert completion("limited", title) == ["link"]
    assert completion("limited", title, link) == []
    assert completion("limited", title, {"link": "none"}) == ["link"]
    assert completion("not-started") == []
    assert completion("limited", of=proven) == []

    def outcome(access: str, proof: str, *parts: dict[str, str]) -> list[str]:
        data = {"change": "Elders meet.", "access": access, "language": "en", "proof_access": proof}
        for part in parts:
            data |= part
        return faults(OutcomeForm(query(data), instance=Outcome(commitment=promise)))

    assert outcome("network", "public") == []
    assert outcome("network", "public", title, link) == ["proof_access"]
    assert outcome("network", "network", title, link) == []
    assert outcome("public", "public", title, link) == []
    none = AdaptationForm(query({"why": "It fits", "language": "en"}), commitment=promise)
    some = AdaptationForm(query({"why": "It fits", "language": "en", "left_out": "Much"}), commitment=promise)
    assert (faults(none), faults(some)) == (["__all__"], [])
    long = AdaptationForm(query({"why": "It fits", "language": "en", "kept": "x" * 5001}), commitment=promise)
    assert faults(long) == ["kept"]
