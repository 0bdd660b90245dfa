"""Sign in as any role of the demo network with one click. These routes exist only in demo mode, on the loopback."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from jirani.accounts.models import User
from jirani.core.routes import public

from .enums import DEMO_ROLES


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The roles of the demo, each a button; a click signs in and leads to the desk."""
    role = DEMO_ROLES.get(request.POST.get("role", ""))
    if request.method == "POST" and role is not None:
        user = get_object_or_404(User, email=role.email)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("desk:desk_detail")
    return render(request, "demo/sign_in.html", {"roles": DEMO_ROLES.items()})
