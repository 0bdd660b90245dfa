"""A clock that has jumped, seen and judged by network coordinators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.audit.actions import last_believed, look_at_clock
from jirani.core.routes import guarded
from jirani.members.forms import ClockForm
from jirani.members.permissions import coordinates_network
from jirani.members.upkeep.actions.clock import confirm_clock
from jirani.ui.forms import form_page


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def clock_confirm(request: HttpRequest) -> HttpResponse:
    """Show the server's date and the last one that was believed, with one button that confirms it."""
    today = timezone.localdate()
    form = ClockForm(sent(request), initial={"day": today})
    if form.is_valid() and form.submit(confirm_clock, by=request.user):
        messages.success(request, _("The clock is trusted again."))
        return redirect("desk:desk_detail")
    context = {"form": form, "today": today, "last": last_believed(), "doubt": bool(look_at_clock(today))}
    return form_page(request, "members/upkeep/clock_confirm.html", context)
