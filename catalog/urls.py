"""Addresses of the two libraries."""

from django.urls import path

from catalog.views import demands, public

app_name = "catalog"
urlpatterns = [
    path("technologies/<int:pk>/", public.technology, name="technology"),
    path("demands/<int:pk>/", public.demand, name="demand"),
    path("workspace/demands/", demands.my_demands, name="my_demands"),
    path("workspace/demands/new/", demands.new_demand, name="new_demand"),
    path("workspace/demands/conversion/", demands.conversion, name="conversion"),
    path("workspace/demands/<int:pk>/edit/", demands.edit_demand, name="edit_demand"),
    path("workspace/demands/<int:pk>/withdraw/", demands.withdraw, name="withdraw_demand"),
    path("workspace/demands/<int:pk>/delete/", demands.delete, name="delete_demand"),
    path("workspace/demands/<int:pk>/close/", demands.close, name="close_demand"),
]
