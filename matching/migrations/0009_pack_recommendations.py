import json

import django.db.models.deletion
from django.db import migrations, models

import matching.models.packing
from matching.models.packing import pack_parts, pack_reasons

ROWS_AT_ONCE = 1_000


def pack_stored_rows(apps, schema_editor):
    recommendation = apps.get_model("matching", "Recommendation")
    quote = schema_editor.connection.ops.quote_name
    table, key, parts, reasons = map(quote, (recommendation._meta.db_table, "id", "parts", "reasons"))
    with schema_editor.connection.cursor() as cursor:
        last = 0
        while True:
            cursor.execute(
                f"SELECT {key}, {parts}, {reasons} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {ROWS_AT_ONCE}",
                [last],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.executemany(
                f"UPDATE {table} SET {parts} = %s, {reasons} = %s WHERE {key} = %s",
                [
                    (pack_parts(json.loads(old_parts)), pack_reasons(json.loads(old_reasons)), pk)
                    for pk, old_parts, old_reasons in rows
                ],
            )
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_steam_supply_and_media"),
        ("matching", "0008_supplier_terms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recommendation",
            name="demand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recommendations",
                to="catalog.demand",
                verbose_name="需求",
            ),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="parts",
            field=matching.models.packing.PartsField(default=list, verbose_name="得分构成"),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="reasons",
            field=matching.models.packing.ReasonsField(default=list, verbose_name="理由"),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="technology",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recommendations",
                to="catalog.technology",
                verbose_name="技术",
            ),
        ),
        migrations.RunPython(pack_stored_rows, migrations.RunPython.noop, elidable=True),
    ]
