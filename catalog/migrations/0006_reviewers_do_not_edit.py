"""Reviewers comment and return; the text stays the author's."""

from django.db import migrations


def take_permission(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.filter(name="审核")
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="catalog", codename__in=["change_technology", "change_demand"]
    )
    for group in groups:
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_private_documents"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(take_permission, migrations.RunPython.noop)]
