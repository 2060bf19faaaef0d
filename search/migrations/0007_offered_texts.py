from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0006_saved_searches")]
    operations = [migrations.AddField("passage", "offered", models.TextField(default=""))]
