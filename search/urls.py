"""Addresses of the lists and of search."""

from django.urls import path

from search.views import lists

app_name = "search"
urlpatterns = [
    path("technologies/", lists.technologies, name="technologies"),
    path("demands/", lists.demands, name="demands"),
    path("search/", lists.search, name="search"),
]
