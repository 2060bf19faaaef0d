"""Addresses of officials' pages below the Wagtail admin."""

from django.urls import include, path

from catalog.admin_views import review

review_urls = [
    path("", review.queue, name="queue"),
    path("decide/", review.decide_together, name="decide"),
    path("<int:pk>/", review.submission, name="submission"),
]
urlpatterns = [path("review/", include((review_urls, "catalog_review")))]
