from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.lookalikes import skeleton


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    teams = apps.get_model("teams", "Team").objects
    for number, name in teams.values_list("pk", "name"):
        teams.filter(pk=number).update(skeleton=skeleton(name)[:160])


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_boards")]
    operations = [
        migrations.AddField(
            model_name="team",
            name="skeleton",
            field=models.CharField(
                default="", editable=False, help_text="What the name looks like: common.lookalikes.", max_length=160
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="invitation", name="digest"),
        migrations.AddField(
            model_name="invitation",
            name="nonce",
            field=models.CharField(
                help_text="New with each mail: the link in the one before is void then.",
                max_length=16,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=models.EmailField(help_text="In small letters.", max_length=254),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(fields=["event", "skeleton"], name="team_skeleton"),
        ),
    ]
