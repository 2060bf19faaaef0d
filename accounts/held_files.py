"""Files that a form with errors keeps, so that nobody has to pick them again.

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
"""

import secrets
import time
from datetime import timedelta
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.storage import private_storage

SESSION_KEY = "held_files"
FOLDER = "held"
HELD_SECONDS = 24 * 3600
MOST_HELD = 5
LONGEST_NAME = 150
DROP_SUFFIX = "-drop"


class HeldFiles:
    """The files of one form: those picked just now, and those held since the post before.

    `chosen` is what the form is bound to, None for a form that was not posted.
    """

    def __init__(self, request, *names: str):
        self.request, self.names = request, names
        self.chosen = MultiValueDict(request.FILES) if request.method == "POST" else None
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

    def _key(self, name: str) -> str:
        return f"{self.request.path}#{name}"

    def _records(self) -> dict[str, dict]:
        return self.request.session.get(SESSION_KEY, {})

    def _restore(self, name: str) -> None:
        record = self._records().get(self._key(name))
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
        self._forget(name)
        file.seek(0)
        suffix = PurePath(file.name).suffix[:10]
        path = private_storage().save(f"{FOLDER}/{secrets.token_urlsafe(24)}{suffix}", file)
        records = dict(self._records())
        records[self._key(name)] = {
            "path": path,
            "name": file.name[-LONGEST_NAME:],
            "content_type": file.content_type,
            "user": self.request.user.pk,
            "at": time.time(),
        }
        newest = sorted(records, key=lambda key: records[key]["at"], reverse=True)
        for key in newest[MOST_HELD:]:
            private_storage().delete(records.pop(key)["path"])
        self.request.session[SESSION_KEY] = records

    def _forget(self, name: str) -> None:
        records = dict(self._records())
        record = records.pop(self._key(name), None)
        if record is not None:
            private_storage().delete(record["path"])
            self.request.session[SESSION_KEY] = records


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
