from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0003_passages'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='entry',
            name='body',
        ),
        migrations.RemoveField(
            model_name='entry',
            name='summary',
        ),
        migrations.RemoveField(
            model_name='entry',
            name='terms',
        ),
    ]
