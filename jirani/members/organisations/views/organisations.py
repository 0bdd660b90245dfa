"""Organisations that are no local authorities: listed, entered, corrected; entered too on the way through another form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core import unsaved
from jirani.core.paging import page_of
from jirani.core.routes import guarded, only_posts, signed_in
from jirani.members.actions import change_organisation, create_organisation
from jirani.members.forms import OrganisationChangeForm, OrganisationForm
from jirani.members.models import Organisation, OrganisationQuerySet
from jirani.members.permissions import coordinates, may_add_organisation
from jirani.translation.models import place_in_alphabet, translate_now
from jirani.ui.forms import form_page


def found(request: HttpRequest, rows: OrganisationQuerySet) -> dict[str, Any]:
    """Return what a list of organisations needs: a page of those that match the search, in alphabetical order."""
    wanted = request.GET.get("q", "").strip().replace("\x00", "")[:100]
    rows = rows.like(wanted).annotate(place=place_in_alphabet(Organisation, number="pk", name="name"))
    page = page_of(request, rows, ("place", "id"), size=40)
    translate_now(page.rows)
    return {"page": page, "q": wanted, "query": f"{urlencode({'q': wanted})}&" if wanted else ""}


def _crumbs() -> list[dict[str, str]]:
    return [{"name": _("Organisations"), "url": reverse("members:organisation_list")}]


@guarded(may_add_organisation)
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """List the organisations that are not local authorities; those that the user may change link to their forms."""
    context = found(request, Organisation.objects.filter(authority=None))
    shown = [row.pk for row in context["page"].rows]
    mine = set(Organisation.objects.editable_by(request.user).filter(pk__in=shown).values_list("pk", flat=True))
    context |= {"mine": mine, "coordinates": coordinates(request.user)}
    return render(request, "members/organisations/organisation_list.html", context)


@guarded(may_add_organisation)
@only_posts
def organisation_aside(request: HttpRequest) -> HttpResponseBase:
    """Lead from a form whose list lacks an organisation to the page for adding one; what was typed is kept until they return."""
    onward = {"back": unsaved.page_of(request), "country": request.GET.get("country", "")}
    address = (
        f"{reverse('members:organisation_create')}?{urlencode({name: said for name, said in onward.items() if said})}"
    )
    return unsaved.keep(request, redirect(address))


def _back(request: HttpRequest) -> str:
    """Return the page of the form for which somebody enters an organisation; "" if they came directly."""
    back = request.GET.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, None) else ""


@guarded(may_add_organisation)
@require_http_methods(["GET", "POST"])
def organisation_create(request: HttpRequest) -> HttpResponse:
    """A new organisation; it is chosen in the form from which somebody came, as is one of that name that they find."""
    back = _back(request)
    if back and (slug := request.POST.get("take")):
        unsaved.choose(request, back, str(get_object_or_404(Organisation, slug=slug).pk))
        return redirect(back)
    form = OrganisationForm(sent(request), country=request.GET.get("country", ""))
    if form.is_valid() and (organisation := form.submit(create_organisation, by=request.user)):
        messages.success(request, _("The organisation is saved."))
        unsaved.choose(request, back, str(organisation.pk))
        return form.arrived(redirect(back or reverse("public:organisation_detail", args=[organisation.slug])))
    context = {"form": form, "back": back, "same": form.same(), "links": _crumbs()}
    return form_page(request, "members/organisations/organisation_form.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit an organisation; local authorities have their own form."""
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user).filter(authority=None), slug=slug)
    form = OrganisationChangeForm(sent(request), instance=organisation)
    if form.is_valid() and form.submit(change_organisation, by=request.user):
        messages.success(request, _("The organisation is saved."))
        return form.arrived(redirect("public:organisation_detail", slug))
    context = {"form": form, "organisation": organisation, "same": form.same()}
    links = _crumbs() if may_add_organisation(request.user) else []
    return form_page(request, "members/organisations/organisation_form.html", context | {"links": links})
