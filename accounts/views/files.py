"""Private files."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from accounts.uploads import CONTENT_TYPES, kind_of_name
from accounts.views.access import is_owner


@login_required
@require_GET
@never_cache
def licence(request, pk):
    """Show a licence to the owners of the organisation and to officials who verify; to others it does not exist."""
    organisation = get_object_or_404(Organisation.objects.exclude(licence=""), pk=pk)
    if not (request.user.has_perm("accounts.verify_organisation") or is_owner(request.user, organisation)):
        raise Http404
    kind = kind_of_name(organisation.licence.name)
    if kind is None or not organisation.licence.storage.exists(organisation.licence.name):
        raise Http404
    return FileResponse(
        organisation.licence.open(),
        content_type=CONTENT_TYPES[kind],
        filename=f"licence-{organisation.credit_code}.{kind}",
    )
