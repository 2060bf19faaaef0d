"""Make ready what no migration holds: the table of the cache and the collected static files."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


def create_cache_table(*, using="default", **kwargs):
    """Create the table of the database cache where it is missing; does nothing when the cache lives elsewhere.

    Connected to the end of every ``migrate``, so that each command works on a database that was only migrated.
    """
    call_command("createcachetable", database=using, verbosity=0)


def collect_static() -> bool:
    """Collect the static files unless what would be collected stands there already; return whether it ran.

    The stamp beside the collected files is a digest of the content of every source file, of the way of storing,
    and of names and sizes of what was collected. So a changed file, another version of a package and a file lost
    from the folder are all noticed, whatever the clocks say.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    if stamp.is_file() and stamp.read_text() == _digest(root):
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(_digest(root))
    return True


def _digest(root: Path) -> str:
    digest = hashlib.blake2b(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            with storage.open(name) as file:
                content = file.read()
            digest.update(f"\n{name} {len(content)} ".encode())
            digest.update(content)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name != STAMP:
            digest.update(f"\n{path.relative_to(root)} {path.stat().st_size}".encode())
    return digest.hexdigest()
