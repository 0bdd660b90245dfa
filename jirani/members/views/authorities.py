"""Write a local authority and its membership down."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.audit.forms import sent
from jirani.core.routes import guarded, signed_in
from jirani.members.actions import put_authority, put_membership
from jirani.members.enums import MembershipState
from jirani.members.forms import AuthorityCreateForm, AuthorityForm, MembershipForm
from jirani.members.forms.authorities import authority_values, membership_values
from jirani.members.models import LocalAuthority
from jirani.members.models.organisations import LocalAuthorityQuerySet
from jirani.members.permissions import can_admit, coordinates
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def _authority(rows: LocalAuthorityQuerySet, slug: str) -> LocalAuthority:
    authority = get_object_or_404(rows.select_related("organisation", "hub"), organisation__slug=slug)
    translate_now(authority.organisation)
    return authority


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def authority_create(request: HttpRequest) -> HttpResponse:
    """Create a local authority; its membership comes next."""
    form = AuthorityCreateForm(sent(request))
    form.offer(request.user)
    if form.is_valid() and (authority := form.make(lambda: _put(request, None, form))):
        messages.success(request, _("The local authority is saved. Say whether it is a member."))
        return form.arrived(redirect("members:membership_edit", authority.organisation.slug))
    return form_page(request, "members/authority_create.html", {"form": form})


@transaction.atomic
def _put(request: HttpRequest, authority: LocalAuthority | None, form: AuthorityForm) -> LocalAuthority:
    return put_authority(authority, by=request.user, **form.facts)[0]


@signed_in
@require_http_methods(["GET", "POST"])
def authority_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit a local authority."""
    authority = _authority(LocalAuthority.objects.editable_by(request.user), slug)
    form = AuthorityForm(sent(request), initial=authority_values(authority))
    form.offer(request.user, authority)
    if form.is_valid() and form.make(lambda: _put(request, authority, form)):
        messages.success(request, _("The local authority is saved."))
        return form.arrived(redirect("public:authority_detail", slug))
    context = {"form": form, "authority": authority, "admits": can_admit(request.user, authority)}
    return form_page(request, "members/authority_edit.html", context)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def membership_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it belongs to the network, since when, until when."""
    authority = _authority(LocalAuthority.objects.admitted_by(request.user), slug)
    standing = authority.memberships.exclude(state=MembershipState.LEFT).first()
    now = membership_values(standing)
    if not now.get("remark"):
        now.pop("language", None)  # the first remark is in the language of whoever writes it
    form = MembershipForm(sent(request), initial=now)
    if form.is_valid() and form.make(lambda: put_membership(authority, by=request.user, **form.membership_facts)[0]):
        messages.success(request, _("The membership is saved."))
        return redirect("public:authority_detail", slug)
    context = {"form": form, "authority": authority}
    return form_page(request, "members/membership_edit.html", context)
