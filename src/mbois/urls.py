"""The addresses of the whole program: each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from mbois.api import api
from mbois.api_docs import api_docs
from mbois.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/docs", api_docs, name="api_docs"),
    path("api/", RedirectView.as_view(pattern_name="api_docs")),
    path("api/", api.urls),
    path("", include("mbois.web.urls")),
    path("", include("mbois.people.urls")),
    path("", include("mbois.ledger.urls")),
    path("", include("mbois.enterprises.urls")),
    path("", include("mbois.financing.urls")),
    path("", include("mbois.mentoring.urls")),
    path("", include("mbois.market.urls")),
    path("", include("mbois.market.urls_channels")),
    path("", include("mbois.market.urls_desk")),
    path("", include("mbois.agenda.urls")),
    path("", include("mbois.hub.urls")),
    path("", include("mbois.startups.urls")),
]
