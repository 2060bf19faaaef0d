"""Addresses of the import pages below /admin/imports/."""

from django.urls import path

from catalog.admin_views import imports

app_name = "catalog_imports"
urlpatterns = [
    path("", imports.index, name="index"),
    path("upload/", imports.upload, name="upload"),
    path("template/<str:kind>.xlsx", imports.template, name="template"),
    path("<int:pk>/", imports.batch_page, name="batch"),
    path("<int:pk>/columns/", imports.columns, name="columns"),
    path("<int:pk>/sheet/", imports.sheet, name="sheet"),
    path("<int:pk>/progress/", imports.progress, name="progress"),
    path("<int:pk>/confirm/", imports.confirm, name="confirm"),
    path("<int:pk>/resume/", imports.resume_batch, name="resume"),
    path("<int:pk>/undo/", imports.undo, name="undo"),
    path("<int:pk>/errors.xlsx", imports.bad_rows, name="bad_rows"),
]
