"""Tables for the tokens of the embedded index, which Django's models cannot describe."""

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_fulltext USING fts5"
        "(title, summary, terms, body, tokenize = 'unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "ALTER TABLE search_entry ADD COLUMN tokens tsvector",
        "CREATE INDEX search_entry_tokens ON search_entry USING gin (tokens)",
    ],
}
DROP = {
    "sqlite": ["DROP TABLE search_fulltext"],
    "postgresql": ["DROP INDEX search_entry_tokens", "ALTER TABLE search_entry DROP COLUMN tokens"],
}


def run(statements):
    def execute(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(run(CREATE), run(DROP))]
