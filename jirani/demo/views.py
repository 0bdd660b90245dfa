"""Sign in as any role of the demo network with one click. These routes exist only in demo mode, on the loopback."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from jirani.accounts.models import User
from jirani.core.routes import onward_of, public

from .enums import DEMO_ROLES


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Offer the demo's roles as buttons; a click signs in and leads on to the requested page, or to the desk."""
    role, onward = DEMO_ROLES.get(request.POST.get("role", "")), _onward(request)
    if request.method == "POST" and role is not None:
        user = get_object_or_404(User, email=role.email)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(onward or "desk:desk_detail")
    return render(request, "demo/sign_in.html", {"roles": DEMO_ROLES.items(), "next": onward})


def _onward(request: HttpRequest) -> str:
    """The page here that somebody wanted to see; "" for none, or for one elsewhere."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else onward_of(request)
