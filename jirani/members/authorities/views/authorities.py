"""Write a local authority and its membership down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.routes import guarded, signed_in
from jirani.members.actions import add_authority, change_authority, put_membership
from jirani.members.enums import MembershipState
from jirani.members.forms import AuthorityCreateForm, AuthorityForm, MembershipForm
from jirani.members.models import LocalAuthority, LocalAuthorityQuerySet
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
    if form.is_valid() and (authority := form.submit(add_authority, by=request.user)):
        messages.success(request, _("The local authority is saved. Say whether it is a member."))
        return form.arrived(redirect("members:membership_edit", authority.organisation.slug))
    return form_page(request, "members/authorities/authority_create.html", {"form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def authority_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit a local authority."""
    authority = _authority(LocalAuthority.objects.editable_by(request.user), slug)
    form = AuthorityForm(sent(request), record=authority)
    form.offer(request.user, authority)
    if form.is_valid() and form.submit(change_authority, authority, by=request.user):
        messages.success(request, _("The local authority is saved."))
        return form.arrived(redirect("public:authority_detail", slug))
    context = {"form": form, "authority": authority, "admits": can_admit(request.user, authority)}
    return form_page(request, "members/authorities/authority_edit.html", context)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def membership_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it belongs to the network, since when, until when."""
    authority = _authority(LocalAuthority.objects.admitted_by(request.user), slug)
    standing = authority.memberships.exclude(state=MembershipState.LEFT).first()
    form = MembershipForm(sent(request), record=standing)
    if form.is_valid() and form.submit(put_membership, authority, by=request.user):
        messages.success(request, _("The membership is saved."))
        return redirect("public:authority_detail", slug)
    context = {"form": form, "authority": authority}
    return form_page(request, "members/authorities/membership_edit.html", context)
