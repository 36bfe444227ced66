"""Addresses of the creative centre: spaces, equipment, bookings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
