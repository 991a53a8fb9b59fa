import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import common.clock
from fundraisers.slugs import look_of


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Fundraiser", "OldSlug"):
        rows = apps.get_model("fundraisers", name).objects
        for number, slug in rows.values_list("pk", "slug"):
            rows.filter(pk=number).update(skeleton=look_of(slug))


class Migration(migrations.Migration):
    dependencies = [
        ("fundraisers", "0003_boards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="fundraiser",
            name="skeleton",
            field=models.CharField(
                default="", editable=False, help_text="What the address looks like.", max_length=160
            ),
        ),
        migrations.AddField(
            model_name="oldslug", name="skeleton", field=models.CharField(default="", editable=False, max_length=160)
        ),
        migrations.AddField(
            model_name="oldslug",
            name="is_dead",
            field=models.BooleanField(default=False, help_text="Leads nowhere: who knows it shall not find the page."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="fundraiser",
            index=models.Index(fields=["event", "skeleton"], name="fundraiser_skeleton"),
        ),
        migrations.AddIndex(
            model_name="oldslug", index=models.Index(fields=["event", "skeleton"], name="old_slug_skeleton")
        ),
        migrations.AddField(
            model_name="report",
            name="form_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old", models.EmailField(max_length=254)),
                ("new", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=common.clock.now)),
                (
                    "due_at",
                    models.DateTimeField(help_text="Not before: until then the old address can stop it."),
                ),
                ("answered_at", models.DateTimeField(help_text="When the new address answered.", null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Empty: the person.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("user",),
                        name="one_open_email_change",
                    )
                ],
            },
        ),
    ]
