"""The libraries in the Wagtail admin."""

from wagtail.snippets.models import register_snippet

from catalog.viewsets import DemandViewSet, TechnologyViewSet

register_snippet(TechnologyViewSet)
register_snippet(DemandViewSet)
