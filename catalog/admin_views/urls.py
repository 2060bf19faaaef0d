"""Addresses of officials' pages below the Wagtail admin."""

from django.urls import include, path

from catalog.admin_views import duplicates, review

review_urls = [
    path("", review.queue, name="queue"),
    path("decide/", review.decide_together, name="decide"),
    path("<int:pk>/", review.submission, name="submission"),
]
duplicate_urls = [
    path("", duplicates.duplicates, name="list"),
    path("mergers/", duplicates.mergers, name="mergers"),
    path("mergers/<int:pk>/undo/", duplicates.undo, name="undo"),
    path("<int:first_pk>/<int:second_pk>/", duplicates.compare, name="compare"),
    path("<int:first_pk>/<int:second_pk>/keep/", duplicates.keep_both, name="keep"),
]
urlpatterns = [
    path("review/", include((review_urls, "catalog_review"))),
    path("duplicates/", include((duplicate_urls, "catalog_duplicates"))),
]
