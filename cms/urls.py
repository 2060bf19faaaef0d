"""Addresses of this room that are not pages of the tree."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [path("workspace/", views.workspace, name="workspace")]
