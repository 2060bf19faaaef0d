"""Addresses of the lists and of search."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("technologies/", views.technologies, name="technologies"),
    path("demands/", views.demands, name="demands"),
    path("search/", views.search, name="search"),
]
