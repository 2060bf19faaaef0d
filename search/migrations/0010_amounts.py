import django.db.models.deletion
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

    dependencies = [
        ('search', '0009_terms_as_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='Amount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('low', models.FloatField()),
                ('high', models.FloatField()),
                ('text', models.CharField(max_length=60)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amounts', to='search.entry')),
            ],
            options={
                'verbose_name': '条目中的数值',
                'verbose_name_plural': '条目中的数值',
            },
        ),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
