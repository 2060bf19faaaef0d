"""Addresses of officials' pages that are named before Wagtail's, so that others get "not found"."""

from django.urls import include, path

from matching.views import reserve

reserve_urls = [
    path("", reserve.ranking, name="ranking"),
    path("weights/", reserve.weights, name="weights"),
]
urlpatterns = [path("reserve/", include((reserve_urls, "matching_reserve")))]
