"""A table for tokens that takes them as they are, fills faster, and has terms of the lexicon behind the text."""

from django.db import migrations, models
from django.utils import timezone

CREATE = "CREATE VIRTUAL TABLE search_fulltext USING fts5(title, summary, terms, body, tokenize = 'ascii')"
# What is written is gathered in memory up to this size.
GATHER = f"INSERT INTO search_fulltext (search_fulltext, rank) VALUES ('hashsize', {64 << 20})"


def replace(apps, schema_editor):
    """Take over what is indexed, and let the sweep of the next minute index every listing anew."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("ALTER TABLE search_fulltext RENAME TO search_fulltext_before")
        schema_editor.execute(CREATE)
        schema_editor.execute(GATHER)
        schema_editor.execute(
            "INSERT INTO search_fulltext (rowid, title, summary, terms, body) "
            "SELECT rowid, title, summary, terms, body FROM search_fulltext_before"
        )
        schema_editor.execute("DROP TABLE search_fulltext_before")
    entries = apps.get_model("search", "Entry").objects.values_list("kind", "object_id")
    change, now = apps.get_model("search", "Change"), timezone.now()
    rows = (
        change(store="embedded", kind=kind, object_id=object_id, recorded_at=now)
        for kind, object_id in entries.iterator()
    )
    change.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0008_writes")]
    operations = [
        migrations.AddField("entry", "vocabulary", models.CharField(default="", max_length=8)),
        migrations.RunPython(replace, migrations.RunPython.noop),
    ]
