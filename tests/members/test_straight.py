"""Each action on members asks for itself who may, and says in the audit what was done."""

from typing import Any

import pytest
from django.utils import timezone

from jirani import members as app
from jirani.core.sheets import Row
from jirani.members import actions
from jirani.members.authorities.actions.imports import bring_in
from jirani.members.enums import MembershipState, NetworkDuty
from jirani.members.models import Agreement, Hub, LocalAuthority, Membership, Organisation, Tenure
from jirani.members.upkeep.actions.clock import confirm_clock
from jirani.members.upkeep.actions.letters import leave_letters, send_letters_again
from jirani.members.words import actions as words
from jirani.taxonomy.models import Driver, Theme
from tests import factories as make
from tests.cast import Cast, user_of
from tests.straight import Call, anew, itself, not_called, outcomes_amiss, refusals_missing

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {"name": "Lamu County", "kind": "county", "country": "KE", "subdivision": "KE-21"}
WHO: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org"}


def authorities(cast: Cast) -> list[Call]:
    """Calls about Kwale and its membership; nobody but coordinators brings a place in or admits it."""
    focal, hub, kwale = cast.kwale_focal_point, cast.hub_coordinator, cast.kwale
    others = (cast.mombasa_focal_point, cast.outsider)
    member = Membership.objects.get(authority=kwale)
    lamu = make.authority("Lamu", member=False, hub=cast.hub)
    theme = make.theme().slug
    edits, adds = (("members.edit_authority", kwale),), (("members.add_authority", itself),)

    def unsaved() -> LocalAuthority:
        body = Organisation(name="Tana River", slug="tana", sector="local-government", country="KE")
        return LocalAuthority(organisation=body, kind="county", country="KE", hub=cast.hub)

    def put(by: Any, authority: LocalAuthority | None, **facts: Any) -> LocalAuthority:
        return actions.put_authority(authority, by=by, **facts)[0]

    def join(by: Any, authority: LocalAuthority, **facts: Any) -> Membership:
        return actions.put_membership(authority, by=by, **facts)[0]

    kwale_row = Row(
        2, {"name": "Kwale County", "kind": "county", "country": "KE", "subdivision": "KE-19", "population": "5"}, {}
    )
    coordinator = user_of(cast.coordinator)
    return [
        Call(actions.save_authority, lambda by: actions.save_authority(anew(kwale), by=by), focal, others, edits),
        Call(actions.save_authority, lambda by: actions.save_authority(unsaved(), by=by), hub, (focal, *others), adds),
        Call(actions.put_authority, lambda by: put(by, anew(kwale), population=5), focal, others, edits),
        Call(actions.put_authority, lambda by: put(by, anew(kwale), themes=[theme]), focal, others),
        Call(actions.put_authority, lambda by: put(by, None, hub=cast.hub.slug, **NEW), hub, (focal, *others), adds),
        Call(actions.add_authority, lambda by: actions.add_authority(by=by, **NEW), cast.coordinator, (focal, *others), adds),
        Call(actions.change_authority, lambda by: actions.change_authority(anew(kwale), by=by, population=5), focal, others, edits),
        Call(actions.put_membership, lambda by: join(by, kwale, remark="Early"), hub, (focal, *others),
             (("members.edit_membership", member),)),
        Call(actions.put_membership, lambda by: join(by, lamu, state=MembershipState.MEMBER), hub, (focal, *others),
             (("members.add_membership", itself),)),
        Call(actions.save_membership, lambda by: actions.save_membership(anew(member), by=by), hub, (focal, *others),
             (("members.edit_membership", member),)),
        Call(bring_in, lambda by: bring_in("members", [kwale_row], by=by), cast.coordinator, (),
             (*edits, ("members.import", coordinator)), refuses_nobody="each row asks, and whoever may not is told so by its line"),
    ]  # fmt: skip


def organisations(cast: Cast) -> list[Call]:
    """Calls about an organisation of civil society, for which the forum's secretary does not speak, and about an agreement."""
    focal, coordinator = cast.kwale_focal_point, cast.coordinator
    own = make.organisation("Kwale interfaith council")
    make.tenure(focal, own)
    others = (cast.hub_coordinator, cast.forum_secretary)
    adders = (cast.editor, cast.outsider)
    edits, adds = (("members.edit_organisation", own),), (("members.add_organisation", itself),)
    agreement = Agreement.objects.create(title="Pact", kind="memorandum")
    parties = [cast.kwale.organisation, cast.mombasa.organisation]

    def new() -> Organisation:
        return Organisation(name="Amani", slug="amani", sector="women")

    def renamed() -> Organisation:
        body: Organisation = anew(own)
        body.name = "Kwale council"
        return body

    def signs() -> Agreement:
        return Agreement(title="Second pact", kind="memorandum")

    return [
        Call(actions.save_organisation, lambda by: actions.save_organisation(anew(own), by=by), focal, others, edits),
        Call(actions.save_organisation, lambda by: actions.save_organisation(new(), by=by), focal, adders, adds),
        Call(actions.create_organisation, lambda by: actions.create_organisation(new(), by=by), focal, adders, adds),
        Call(actions.change_organisation, lambda by: actions.change_organisation(renamed(), by=by), focal, others, edits),
        Call(actions.create_agreement, lambda by: actions.create_agreement(signs(), parties=parties, by=by), coordinator,
             (focal, *others), (("members.create_agreement", itself),)),
        Call(actions.change_agreement, lambda by: actions.change_agreement(anew(agreement), parties=parties, by=by), coordinator,
             (focal, *others), (("members.change_agreement", agreement),)),
    ]  # fmt: skip


def people(cast: Cast) -> list[Call]:
    """Calls about posts and duties, which nobody hands on, and about somebody's own data."""
    coordinator, hub, own, kwale = cast.coordinator, cast.hub_coordinator, cast.participant, cast.kwale.organisation
    others = (cast.kwale_focal_point, cast.editor)
    today = timezone.localdate()
    post = Tenure.objects.get(person=cast.kwale_focal_point, organisation=kwale)
    duty = make.duty(cast.outsider, NetworkDuty.TRANSLATOR)
    post_of, duty_of = {**WHO, "role": "head"}, {**WHO, "duty": "editor"}
    strangers = (cast.hub_coordinator, cast.outsider)
    given = {"offered": ["news"], "given": ["news"]}

    def export(by: Any) -> None:
        actions.export_person(anew(own), by=by)

    def erase(by: Any) -> None:
        actions.erase_person(anew(own), by=by)

    return [
        Call(actions.add_post, lambda by: actions.add_post(kwale, by=by, **post_of), hub, others,
             (("members.add_post", kwale),)),
        Call(actions.end_post, lambda by: actions.end_post(anew(post), by=by, until_on=today), hub, others,
             (("members.end_post", kwale),)),
        Call(actions.give_duty, lambda by: actions.give_duty(by=by, **duty_of), coordinator, (hub, *others),
             (("members.give_duty", itself),)),
        Call(actions.end_duty, lambda by: actions.end_duty(anew(duty), by=by, until_on=today), coordinator, (hub, *others),
             (("members.end_duty", duty),)),
        Call(actions.change_own_facts, lambda by: actions.change_own_facts(anew(own), by=by, name="Own"), own,
             (coordinator, *strangers), (("members.change_own_facts", own),)),
        Call(actions.save_consents, lambda by: actions.save_consents(anew(own), **given, by=by), own,
             (coordinator, *strangers), (("members.give_consent", own),)),
        Call(actions.export_person, export, own, strangers, (("members.export_person", own),)),
        Call(actions.export_person, export, coordinator, strangers, (("members.export_person", own),)),
        Call(actions.erase_person, erase, own, strangers, (("members.erase_person", own),), apart=True),
        Call(actions.erase_person, erase, coordinator, strangers, (("members.erase_person", own),), apart=True),
        Call(actions.tell_named, lambda by: actions.tell_named(own, kind="members.named", what="Head", by=by, to_what=post), hub,
             refuses_nobody="a part of naming somebody, which has asked"),
    ]  # fmt: skip


def withdrawn(cast: Cast) -> Call:
    """A consent is taken back, which leaves a word too."""
    own = cast.rapporteur
    actions.save_consents(own, offered=["news"], given=["news"], by=user_of(own))
    return Call(actions.save_consents, lambda by: actions.save_consents(anew(own), offered=["news"], given=[], by=by), own,
                (cast.coordinator, cast.outsider), (("members.withdraw_consent", own),))  # fmt: skip


def upkeep(cast: Cast) -> list[Call]:
    """Calls about the network's words, its letters and its clock, which are for its coordinators alone."""
    may, others = cast.coordinator, (cast.hub_coordinator, cast.editor)
    theme, driver, hub = make.theme("Old"), make.driver("Old"), make.hub("Old")
    by_coordinator, today = user_of(may), timezone.localdate()

    def verbs(what: str, about: Any) -> tuple[tuple[str, Any], ...]:
        return ((f"members.{what}", about),)

    def add(kind: type[Any]) -> Call:
        says = verbs(f"add_{kind._meta.model_name}", itself)
        return Call(words.add_word, lambda by: words.add_word(kind(), by=by, names={"en": "New"}), may, others, says)

    def edit(one: Any) -> Call:
        says = verbs(f"edit_{one._meta.model_name}", one)
        return Call(
            words.edit_word, lambda by: words.edit_word(anew(one), by=by, names={"en": "Other"}), may, others, says
        )

    def retire(one: Any) -> Call:
        says = verbs(f"retire_{one._meta.model_name}", one)
        return Call(words.retire_word, lambda by: words.retire_word(anew(one), by=by, retired=True), may, others, says)

    def remove(one: Any) -> Call:
        says = verbs(f"remove_{one._meta.model_name}", one)
        return Call(words.remove_word, lambda by: words.remove_word(anew(one), by=by), may, others, says)

    return [
        *map(add, (Theme, Driver, Hub)), *map(edit, (theme, driver, hub)), *map(retire, (theme, driver)),
        *map(remove, (theme, driver, hub)),
        Call(send_letters_again, lambda by: send_letters_again("a@example.org", by=by), may, others,
             verbs("send_letters_again", by_coordinator)),
        Call(leave_letters, lambda by: leave_letters("a@example.org", by=by), may, others, verbs("leave_letters", by_coordinator)),
        Call(confirm_clock, lambda by: confirm_clock(day=today, by=by), may, others, (("audit.believe_clock", itself),)),
    ]  # fmt: skip


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast) -> None:
    calls = [*authorities(cast), *organisations(cast), *people(cast), withdrawn(cast), *upkeep(cast)]

    assert not_called(app, calls) == set()
    assert refusals_missing(calls) == []
    assert outcomes_amiss(calls) == {}
