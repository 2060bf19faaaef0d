"""Addresses of the two libraries."""

from django.urls import path

from catalog.views import public

app_name = "catalog"
urlpatterns = [
    path("technologies/<int:pk>/", public.technology, name="technology"),
    path("demands/<int:pk>/", public.demand, name="demand"),
]
