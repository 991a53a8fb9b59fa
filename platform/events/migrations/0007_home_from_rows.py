"""The home page's words and figures, which were rows of the event's file, become its first version."""

from typing import Any

from django.db import migrations

KINDS = ["money", "need", "stories", "teams", "step", "volunteers", "sponsors", "share", "questions", "news"]
FACT = ["figure", "unit", "text", "source", "year", "limits"]


def first_versions(apps: Any, schema_editor: Any) -> None:
    event, version = apps.get_model("events", "Event"), apps.get_model("events", "HomeVersion")
    for one in event.objects.all():
        words = {"step": one.call.strip()}
        content = {
            "sections": [{"kind": kind, "heading": "", "text": words.get(kind, ""), "visible": True} for kind in KINDS],
            "facts": [{name: getattr(fact, name) for name in FACT} for fact in one.facts.all()],
            "questions": [],
        }
        one.home = version.objects.create(event=one, number=1, content=content, what="The event's file")
        one.save(update_fields=["home"])
    apps.get_model("events", "Story").objects.update(from_file=True, may_quote=True, state="published")


class Migration(migrations.Migration):
    dependencies = [("events", "0006_home")]

    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop)]
