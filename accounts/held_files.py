"""Files that a form with errors or an expired session keeps, so that nobody has to pick them again.

A view with file fields reads

    files = HeldFiles(request, "licence")
    form = SomeForm(request.POST or None, files.chosen)
    if request.method == "POST" and form.is_valid():
        ...save
        files.release()
        return redirect(...)
    files.keep(form)
    return render(...)

and draws the field with `components/held_file.html`, which `components/field.html` does by itself. A file is held
only where its own field has no error, for the person and the address of the form, in the private storage and for a
day at most; the next post goes through the form's checks again. A newly picked file replaces it.

`hold_for` is the same for a post that came after the session had expired: there no form has looked at the files, so
they pass the checks of every upload, and each person has few such places a day.
"""

import secrets
import time
from datetime import timedelta
from pathlib import PurePath

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.storage import private_storage
from accounts.uploads import validate_upload

SESSION_KEY = "held_files"
FOLDER = "held"
HELD_SECONDS = 24 * 3600
MOST_HELD = 5
MOST_HELD_AFTER_EXPIRY = 10
LONGEST_NAME = 150
DROP_SUFFIX = "-drop"


class HeldFiles:
    """The files of one form: those picked just now, and those held since the post before.

    `chosen` is what the form is bound to, None for a form that was neither posted nor kept over a log-in.
    """

    def __init__(self, request, *names: str):
        self.request, self.names = request, names
        is_bound = request.method == "POST" or getattr(request, "kept_form", None) is not None
        self.chosen = MultiValueDict(request.FILES) if is_bound else None
        self._restored: set[str] = set()
        for name in names if self.chosen is not None else ():
            if name not in self.chosen:
                self._restore(name)

    def keep(self, form) -> None:
        """Hold the files of a form that is shown again because of errors, and let its fields name them."""
        if self.chosen is None:
            return
        for name in self.names:
            file = self.chosen.get(name)
            if file is None or name in form.errors:
                self._forget(name)
                continue
            if name not in self._restored:
                self._hold(name, file)
            form.fields[name].held_name = file.name
            form.fields[name].widget.is_required = False

    def release(self) -> None:
        """Delete what is held: the form was carried out."""
        for name in self.names:
            self._forget(name)

    def _restore(self, name: str) -> None:
        record = _records(self.request).get(_key(self.request, name))
        if record is None:
            return
        is_own = record["user"] == self.request.user.pk and record["at"] > time.time() - HELD_SECONDS
        is_dropped = f"{name}{DROP_SUFFIX}" in self.request.POST
        if is_dropped or not is_own or not private_storage().exists(record["path"]):
            self._forget(name)
            return
        file = private_storage().open(record["path"])
        self.chosen[name] = UploadedFile(file, record["name"], record["content_type"], file.size)
        self._restored.add(name)

    def _hold(self, name: str, file: UploadedFile) -> None:
        _store(self.request, name, file, user_pk=self.request.user.pk)

    def _forget(self, name: str) -> None:
        records = dict(_records(self.request))
        record = records.pop(_key(self.request, name), None)
        if record is not None:
            private_storage().delete(record["path"])
            self.request.session[SESSION_KEY] = records


def hold_for(request, user_pk: int) -> bool:
    """Hold the files of a post without a log-in for the person for whom its form was rendered.

    Return whether all of them are held. Refused are what no form accepts and more than MOST_HELD_AFTER_EXPIRY files
    of one person a day.
    """
    held = []
    for name, file in request.FILES.items():
        is_sound = len(request.FILES.getlist(name)) == 1 and _is_sound(file)
        held.append(is_sound and _has_room(user_pk))
        if held[-1]:
            _store(request, name, file, user_pk=user_pk)
    return all(held)


def _is_sound(file: UploadedFile) -> bool:
    try:
        validate_upload(file)
    except ValidationError:
        return False
    return True


def _has_room(user_pk: int) -> bool:
    key = f"held-after-expiry:{user_pk}"
    count = cache.get(key, 0)
    cache.set(key, count + 1, HELD_SECONDS)
    return count < MOST_HELD_AFTER_EXPIRY


def _key(request, name: str) -> str:
    return f"{request.path}#{name}"


def _records(request) -> dict[str, dict]:
    return request.session.get(SESSION_KEY, {})


def _store(request, name: str, file: UploadedFile, *, user_pk: int) -> None:
    file.seek(0)
    suffix = PurePath(file.name).suffix[:10]
    path = private_storage().save(f"{FOLDER}/{secrets.token_urlsafe(24)}{suffix}", file)
    records = dict(_records(request))
    earlier = records.pop(_key(request, name), None)
    if earlier is not None:
        private_storage().delete(earlier["path"])
    records[_key(request, name)] = {
        "path": path,
        "name": file.name[-LONGEST_NAME:],
        "content_type": file.content_type,
        "user": user_pk,
        "at": time.time(),
    }
    newest = sorted(records, key=lambda key: records[key]["at"], reverse=True)
    for key in newest[MOST_HELD:]:
        private_storage().delete(records.pop(key)["path"])
    request.session[SESSION_KEY] = records


def remove_expired_files() -> int:
    """Delete held files that nobody came back for; return how many."""
    storage = private_storage()
    if not storage.exists(FOLDER):
        return 0
    border = timezone.now() - timedelta(seconds=HELD_SECONDS)
    paths = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    expired = [path for path in paths if storage.get_modified_time(path) < border]
    for path in expired:
        storage.delete(path)
    return len(expired)
