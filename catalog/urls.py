"""Addresses of the two libraries."""

from django.urls import path, re_path

from catalog.views import (
    demands,
    own_technologies,
    public,
    technology_documents,
    technology_form,
    technology_imports,
)

app_name = "catalog"
own = "workspace/technologies/"
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
    path(own, own_technologies.my_technologies, name="my_technologies"),
    path(f"{own}new/", technology_form.new_technology, name="new_technology"),
    path(f"{own}import/", technology_imports.import_technologies, name="import_technologies"),
    path(f"{own}import/template.xlsx", technology_imports.import_template, name="import_template"),
    path(f"{own}import/<int:pk>/", technology_imports.import_batch, name="import_batch"),
    path(f"{own}import/<int:pk>/columns/", technology_imports.import_columns, name="import_columns"),
    path(f"{own}import/<int:pk>/progress/", technology_imports.import_progress, name="import_progress"),
    path(f"{own}import/<int:pk>/confirm/", technology_imports.confirm_import, name="confirm_import"),
    path(f"{own}import/<int:pk>/resume/", technology_imports.resume_import, name="resume_import"),
    path(f"{own}import/<int:pk>/undo/", technology_imports.undo_import, name="undo_import"),
    path(f"{own}import/<int:pk>/errors.xlsx", technology_imports.import_errors, name="import_errors"),
    path(f"{own}<int:pk>/", own_technologies.my_technology, name="my_technology"),
    path(f"{own}<int:pk>/edit/", technology_form.edit_technology, name="edit_technology"),
    path(f"{own}<int:pk>/edit/<str:step>/", technology_form.edit_technology, name="edit_technology_step"),
    path(f"{own}<int:pk>/confirm/", own_technologies.confirm, name="confirm_technology"),
    re_path(
        rf"^{own}(?P<pk>\d+)/(?P<action>{'|'.join(own_technologies.ACTIONS)})/$",
        own_technologies.change_technology,
        name="change_technology",
    ),
    path(
        f"{own}<int:pk>/documents/<int:position>/",
        technology_documents.draft_document,
        name="draft_document",
    ),
    path(
        f"{own}<int:pk>/documents/<int:position>/remove/",
        technology_documents.remove_technology_document,
        name="remove_technology_document",
    ),
    path(
        "technologies/<int:pk>/documents/<int:document_pk>/",
        technology_documents.technology_document,
        name="technology_document",
    ),
]
