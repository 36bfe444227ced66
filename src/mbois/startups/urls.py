"""Addresses of calls, cohorts, milestones, demo day."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
