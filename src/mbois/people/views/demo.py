"""The demo city: be somebody with one click, read what would have been sent. Nowhere else."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mbois.people import demo
from mbois.people.models import DemoMessage, Person

View = Callable[..., HttpResponse]


def only_in_the_demo(view: View) -> View:
    """Outside a demo city the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_in_the_demo
@require_POST
def sign_in(request: HttpRequest, person: int) -> HttpResponse:
    """Become one of the invented people."""
    wanted = Person.objects.filter(pk=person).first()
    if not demo.may_enter(wanted):
        raise Http404
    login(request, wanted, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)


@only_in_the_demo
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The last mails and short messages that a real city would have sent."""
    return render(request, "people/outbox.html", {"sent": DemoMessage.objects.all()[:50]})
