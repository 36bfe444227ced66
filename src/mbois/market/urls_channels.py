"""The addresses that marketplaces know."""

from django.urls import path

from mbois.market.views import pushes

urlpatterns = [
    path("lokapasar/<str:channel>/kembali/", pushes.back, name="channel_back"),
    path("lokapasar/<str:channel>/kabar/", pushes.push, name="channel_push"),
]
