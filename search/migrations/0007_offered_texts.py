from django.db import migrations, models
from django.utils import timezone


def index_anew(apps, schema_editor):
    """Let the sweep of the next minute index every listing anew."""
    entries = apps.get_model("search", "Entry").objects.values_list("kind", "object_id")
    change, now = apps.get_model("search", "Change"), timezone.now()
    rows = (
        change(store="embedded", kind=kind, object_id=object_id, recorded_at=now)
        for kind, object_id in entries.iterator()
    )
    change.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0006_saved_searches")]
    operations = [
        migrations.AddField("passage", "offered", models.TextField(default="")),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
