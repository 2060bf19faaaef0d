"""Import a technology catalogue."""

from catalog.enums import ImportKind
from catalog.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import technologies from an xlsx, csv or docx table, as in the workbench of officials."
    kind = ImportKind.TECHNOLOGIES
