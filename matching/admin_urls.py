"""Addresses of officials' pages that are named before Wagtail's, so that others get "not found"."""

from django.urls import include, path

from matching.views import exposure, models, official_lists, outcomes, reserve

reserve_urls = [
    path("", reserve.ranking, name="ranking"),
    path("weights/", reserve.weights, name="weights"),
]
exposure_urls = [path("", exposure.report, name="report"), path("rules/", exposure.rules, name="rules")]
model_urls = [
    path("", models.versions, name="versions"),
    path("<int:number>/", models.restore, name="restore"),
]
outcome_urls = [
    path("", outcomes.outcomes, name="list"),
    path("<int:demand_pk>/<int:technology_pk>/", outcomes.record, name="record"),
]
list_urls = [path("<int:pk>/", official_lists.demand_matches, name="demand")]
urlpatterns = [
    path("outcomes/", include((outcome_urls, "matching_outcomes"))),
    path("lists/", include((list_urls, "matching_lists"))),
    path("reserve/", include((reserve_urls, "matching_reserve"))),
    path("exposure/", include((exposure_urls, "matching_exposure"))),
    path("models/", include((model_urls, "matching_models"))),
]
