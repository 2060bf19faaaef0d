"""Addresses of matches."""

from django.urls import path

from matching.views import matches

app_name = "matching"
urlpatterns = [
    path("workspace/demands/<int:pk>/matches/", matches.matches, name="matches"),
]
