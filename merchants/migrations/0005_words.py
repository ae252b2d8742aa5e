import django.contrib.postgres.indexes
from django.db import migrations, models

import merchants.models.word
from merchants import vocabulary

# Only functions that every PostgreSQL has, by their full names: an index rests on it. hashtext keeps the
# index small; two texts that share a number are told apart afterwards.
MISSPELLINGS = """
    CREATE FUNCTION misspellings(word text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT pg_catalog.array_agg(DISTINCT pg_catalog.hashtext(
            pg_catalog.substr(word, 1, at - 1) || pg_catalog.substr(word, at + 1)))
        FROM pg_catalog.generate_series(1, pg_catalog.length(word) + 1) AS at
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0004_shop_rating")]

    operations = [
        migrations.RunSQL(MISSPELLINGS, "DROP FUNCTION misspellings(text)"),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=24, unique=True)),
                ("shops", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        merchants.models.word.Misspellings("text"), name="word_misspelt"
                    )
                ],
            },
        ),
        # what is listed already
        migrations.RunPython(lambda apps, schema_editor: vocabulary.recount(), migrations.RunPython.noop),
    ]
