"""Addresses of activities and festivals: programme, registration, check-in, certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
