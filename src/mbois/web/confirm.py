"""Ask before doing: a dialog where there is JavaScript (`data-confirm` on the form), else a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CONFIRMED = "confirmed"


def ask_first(
    request: HttpRequest, *, question: object, verb: object, detail: object = "", danger: bool = False
) -> HttpResponse | None:
    """The page that asks, or None once the person has said yes.

    Call it at the start of a view that answers a POST: `if asked := ask_first(request, …): return asked`.
    What was typed travels along in hidden fields; files do not, so a form with files asks by dialog only.
    """
    if request.POST.get(CONFIRMED) == "yes":
        return None
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", CONFIRMED}
        for value in values
    ]
    return render(
        request,
        "web/confirm.html",
        {"question": question, "verb": verb, "detail": detail, "danger": danger, "typed": typed},
    )
