"""Undelivered letters, for network coordinators: their addresses, never their content."""

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.routes import guarded
from jirani.members.forms import LettersForm
from jirani.members.permissions import coordinates_network
from jirani.members.upkeep.actions.letters import leave_letters, send_letters_again
from jirani.notifications.actions import given_up
from jirani.ui.forms import form_page

#: Addresses on the page, those of the latest letters.
MOST = 100


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def letter_list(request: HttpRequest) -> HttpResponse:
    """Addresses that nothing reached, each with how many letters; try again, or leave it."""
    form = LettersForm(sent(request))
    if form.is_valid():
        address = form.cleaned_data["address"]
        if form.cleaned_data["do"] == "again":
            send_letters_again(address, by=request.user)
            messages.success(request, _("It is on its way again."))
        else:
            leave_letters(address, by=request.user)
            messages.success(request, _("It will not be sent."))
        return redirect("members:letter_list")
    rows = given_up().values("to").annotate(number=Count("pk"), last=Max("pk")).order_by("-last")[:MOST]
    return form_page(request, "members/upkeep/letter_list.html", {"rows": rows, "form": form})
