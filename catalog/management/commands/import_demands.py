"""Import a list of demands."""

from catalog.enums import ImportKind
from catalog.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import demands from an xlsx, csv or docx table, as in the workbench of officials."
    kind = ImportKind.DEMANDS
