from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def count_members(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    Fundraiser, Team = apps.get_model("fundraisers", "Fundraiser"), apps.get_model("teams", "Team")
    for team in Team.objects.all():
        count = Fundraiser.objects.filter(team=team, is_hidden=False).count()
        Team.objects.filter(pk=team.pk).update(member_count=count)


# The beginnings of words in names, for search: PostgreSQL's own index. SQLite reads the names.
WORDS = {
    model: GinIndex(SearchVector("name", config="simple"), name=name)
    for model, name in {("fundraisers", "Fundraiser"): "fundraiser_words", ("teams", "Team"): "team_words"}.items()
}


def index_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for model, index in WORDS.items():
            schema_editor.execute(index.create_sql(apps.get_model(*model), schema_editor), params=None)


def drop_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for model, index in WORDS.items():
            schema_editor.execute(index.remove_sql(apps.get_model(*model), schema_editor), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("fundraisers", "0002_runners_and_teams"),
        ("teams", "0003_boards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="fundraiser",
            name="moved",
            field=models.PositiveBigIntegerField(
                default=0,
                editable=False,
                help_text="The edit of the event with which its place on the boards last changed.",
            ),
        ),
        migrations.AddIndex(
            model_name="fundraiser",
            index=models.Index(
                condition=models.Q(("is_hidden", False), ("is_listed", True)),
                fields=["event", "-gift_count", "id"],
                name="fundraiser_donors",
            ),
        ),
        migrations.AddIndex(
            model_name="fundraiser",
            index=models.Index(fields=["event", "moved"], name="fundraiser_moved"),
        ),
        migrations.RunPython(index_words, drop_words),
        migrations.RunPython(count_members, migrations.RunPython.noop, elidable=True),
    ]
