"""Addresses of matches."""

from django.urls import path

from matching.views import feedback, matches, needs

app_name = "matching"
urlpatterns = [
    path("workspace/demands/<int:pk>/matches/", matches.matches, name="matches"),
    path("workspace/demands/<int:pk>/compare/", matches.compare, name="compare"),
    path(
        "workspace/demands/<int:pk>/matches/<int:technology_pk>/feedback/",
        feedback.answer_technology,
        name="answer_technology",
    ),
    path("workspace/needs/", needs.needs, name="needs"),
    path("workspace/needs/<int:pk>/feedback/", feedback.answer_need, name="answer_need"),
]
