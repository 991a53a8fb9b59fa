"""Indexes for search that each database makes its own way; a model's Meta cannot say them.

A later migration that makes a table of SQLite anew drops them silently: tests/desk/test_search_indexes.py looks.
"""

from collections.abc import Iterator, Mapping

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate, Lower
from django.db.models.indexes import IndexExpression

# What django.contrib.postgres does where it is installed: without it the class of operators is put inside the brackets.
IndexExpression.register_wrappers(OrderBy, OpClass, Collate)


def for_search(
    app: str, *, addresses: Mapping[tuple[str, str], str], words: Mapping[str, str] | None = None
) -> migrations.RunPython:
    """A step of a migration: `addresses` names indexes by model and e-mail field (common.words.beginning_with), and
    `words` by model, for the words of names (common.words.named): SQLite reads the names themselves.
    """

    def made(editor: BaseDatabaseSchemaEditor) -> Iterator[tuple[str, models.Index]]:
        is_postgres = editor.connection.vendor == "postgresql"
        for (model, field), name in addresses.items():
            low = Lower(field)
            yield model, models.Index(OpClass(low, name="text_pattern_ops") if is_postgres else low, name=name)
        for model, name in (words or {}).items() if is_postgres else ():
            yield model, GinIndex(SearchVector("name", config="simple"), name=name)

    def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for model, index in made(editor):
            editor.execute(index.create_sql(apps.get_model(app, model), editor), params=None)

    def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for model, index in made(editor):
            editor.execute(index.remove_sql(apps.get_model(app, model), editor), params=None)

    return migrations.RunPython(make, drop)
