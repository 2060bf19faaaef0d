"""Addresses of matches."""

from django.urls import path

from matching.views import feedback, matches, needs, terms, why_not

app_name = "matching"
urlpatterns = [
    path("workspace/demands/<int:pk>/matches/", matches.matches, name="matches"),
    path("workspace/demands/<int:pk>/compare/", matches.compare, name="compare"),
    path(
        "workspace/demands/<int:pk>/matches/<int:technology_pk>/feedback/",
        feedback.answer_technology,
        name="answer_technology",
    ),
    path("workspace/demands/<int:pk>/why-not/", why_not.find_technology, name="find_technology"),
    path("workspace/demands/<int:pk>/why-not/<int:technology_pk>/", why_not.why_not, name="why_not"),
    path("workspace/technologies/<int:technology_pk>/fit/", why_not.choose_demand, name="choose_demand"),
    path("workspace/needs/why-not/", why_not.find_need, name="find_need"),
    path(
        "workspace/needs/why-not/<int:demand_pk>/<int:technology_pk>/",
        why_not.why_not_need,
        name="why_not_need",
    ),
    path("workspace/needs/terms/", terms.supplier_terms, name="terms"),
    path("workspace/needs/", needs.needs, name="needs"),
    path("workspace/needs/<int:pk>/feedback/", feedback.answer_need, name="answer_need"),
]
