"""The landing page, the home page, the switches and what a phone installs."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from mbois.web import calculator, choices, figures, offline
from mbois.web import home as sections
from mbois.web.context import THEME_COOKIE, THEMES
from mbois.web.given import whole_number
from mbois.web.signals import language_chosen

YEAR = 60 * 60 * 24 * 365


def _questions() -> list[tuple[str, str]]:
    return [
        (
            _("Does OJIR really cost nothing?"),
            _(
                "Yes. You pay back exactly what you borrowed, no interest, no fee, no collateral. "
                "Stamp duty, paper and visits are paid by Baznas."
            ),
        ),
        (
            _("Who may apply for OJIR?"),
            _(
                "Residents of the city with a business that is running and a debt to a loan shark. "
                "The loan settles that debt first; what is left is capital for the business."
            ),
        ),
        (
            _("I have no phone or e-mail. Can I still register?"),
            _(
                "Yes. An officer of your village or the bank registers you at your door and shows you "
                "what was written. You can take the account over whenever you like."
            ),
        ),
        (
            _("Which papers do I need?"),
            _(
                "Identity cards of husband and wife, family card, marriage certificate, statement of "
                "limited means from the village, the loan shark's instalment card, and a photo of the "
                "business."
            ),
        ),
        (
            _("Who can see my data?"),
            _(
                "Only the officers of your own region who need it for your application. Every look at your "
                "identity number is recorded. You can ask to see, correct or delete your data."
            ),
        ),
        (
            _("What if I cannot pay an instalment in time?"),
            _(
                "There is no fine. Tell the bank's officer early; together you look for a way. Sundays and "
                "national holidays do not count against you."
            ),
        ),
    ]


def _url(name: str, otherwise: str = "") -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is for, what one does first, and what it has done so far."""
    terms = calculator.terms()
    quote = calculator.quote(
        whole_number(request.GET.get("principal")) or 4_000_000, whole_number(request.GET.get("months")) or 12
    )
    questions = _questions()
    readings = figures.readings()
    known = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "GovernmentService",
                "name": "mbois",
                "url": settings.SITE_URL,
                "serviceType": _("Recovery of small businesses"),
                "areaServed": ["Kota Malang", "Kabupaten Malang", "Kota Batu"],
                "availableLanguage": ["id", "en"],
            },
            {
                "@type": "FAQPage",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": question,
                        "acceptedAnswer": {"@type": "Answer", "text": answer},
                    }
                    for question, answer in questions
                ],
            },
        ],
    }
    return render(
        request,
        "web/landing.html",
        {
            "terms": terms,
            "quote": quote,
            "readings": readings,
            "computed": min((reading.at for reading in readings), default=None),
            "questions": questions,
            "known": json.dumps(known, ensure_ascii=False).replace("<", "\\u003c"),
            "register_url": _url("enterprise_new", _url("account_signup", "#mulai")),
            "ojir_url": _url("ojir", "#ojir"),
        },
    )


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is next for this person, then where things stand."""
    drawn = [
        (section, render_to_string(section.template, section.context, request=request))
        for section in sections.sections(request)
    ]
    return render(request, "web/home.html", {"sections": drawn})


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # anything else would be taken for the name of a page
    return redirect(target if safe and target.startswith("/") else "/")


def remember_language(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Show pages in this language from now on, on this device."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", secure=request.is_secure()
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a language in a cookie (and, by signal, with the person); back to where one was."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        remember_language(request, response, code)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            language_chosen.send(type(user), person=user, language=code)
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie; back to where one was."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_safe
def about_figures(request: HttpRequest) -> HttpResponse:
    """Where the figures of the landing page come from."""
    readings = {reading.figure.key: reading for reading in figures.readings()}
    listed = [(figure, readings.get(figure.key)) for figure in figures.registered()]
    return render(request, "web/about_figures.html", {"listed": listed})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and what they can ask for."""
    return render(request, "web/privacy.html")


@require_GET
def suggest(request: HttpRequest, source: str) -> JsonResponse:
    """Suggestions of a list that one finds by typing."""
    try:
        among = request.GET.get("among", "")[:400]
        found = choices.suggestions(source, request.GET.get("q", ""), among.split(",") if among else ())
    except KeyError:
        raise Http404 from None
    options = [{"value": one.value, "label": str(one.label), "note": str(one.note)} for one in found]
    return JsonResponse({"options": options})


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """What a phone shows where there is no line."""
    return render(request, "web/offline.html")


@login_required
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """What was recorded on this phone and what became of it; the browser knows, not we."""
    return render(request, "web/records.html")


@require_safe
@never_cache
def ready_to_send(request: HttpRequest) -> JsonResponse:
    """Asked by a phone before it sends what it kept: who is signed in (their pk as text, or null), and
    a fresh token for forms."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return JsonResponse({"person": str(user.pk) if user and signed_in else None, "token": get_token(request)})


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps pages for when there is no line. Its version follows from its files."""
    assets = [static(path) for path in offline.assets()]
    scripts = [static(path) for path in offline.scripts()]
    version = hashlib.sha256(json.dumps([assets, scripts]).encode()).hexdigest()[:12]
    setup = {
        "version": version,
        "assets": assets,
        "scripts": scripts,
        "prefixes": offline.prefixes(),
        "offline": reverse("offline"),
        "static": settings.STATIC_URL,
        "sign_out": _url("account_logout"),
    }
    return render(
        request, "web/sw.js", {"setup": json.dumps(setup)}, content_type="text/javascript; charset=utf-8"
    )


@require_safe
@cache_control(max_age=86400)
def manifest(request: HttpRequest) -> JsonResponse:
    """How the site looks when it is put on a phone's home screen."""
    with override("id"):
        description = _("Small businesses of Malang Raya rise together.")
    return JsonResponse(
        {
            "name": "mbois",
            "short_name": "mbois",
            "description": description,
            "lang": "id",
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#fffaf3",
            "theme_color": "#1657a8",
            "icons": [
                {"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("web/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("web/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": static("web/icon-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
    )
