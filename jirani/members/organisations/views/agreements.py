"""Agreements between organisations, for those who keep the network's record of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.paging import page_of
from jirani.core.routes import guarded
from jirani.members.actions import change_agreement, create_agreement
from jirani.members.forms import AgreementChangeForm, AgreementForm
from jirani.members.models import Agreement
from jirani.members.permissions import coordinates_network
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def _crumbs() -> list[dict[str, str]]:
    return [{"name": _("Agreements"), "url": reverse("members:agreement_list")}]


@guarded(coordinates_network)
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """All agreements on record, the latest first."""
    rows = Agreement.objects.editable_by(request.user).prefetch_related("parties")
    page = page_of(request, rows, ("-id",))
    translate_now(page.rows, [list(one.parties.all()) for one in page.rows])
    return render(request, "members/organisations/agreement_list.html", {"page": page})


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def agreement_create(request: HttpRequest) -> HttpResponse:
    """Record what organisations signed."""
    form = AgreementForm(sent(request), instance=Agreement())
    if form.is_valid() and form.submit(create_agreement, by=request.user):
        messages.success(request, _("The agreement is on record."))
        return form.arrived(redirect("members:agreement_list"))
    return form_page(request, "members/organisations/agreement_form.html", {"form": form, "links": _crumbs()})


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is on record of an agreement."""
    agreement = get_object_or_404(Agreement.objects.editable_by(request.user), pk=pk)
    form = AgreementChangeForm(sent(request), instance=agreement)
    if form.is_valid() and form.submit(change_agreement, by=request.user):
        messages.success(request, _("The agreement is saved."))
        return form.arrived(redirect("members:agreement_list"))
    context = {"form": form, "agreement": agreement, "links": _crumbs()}
    return form_page(request, "members/organisations/agreement_form.html", context)
