from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from events.models import Event
from fundraisers.standings.boards import Kind
from fundraisers.standings.redis import RedisBoard
from teams.services import recount_members


class Command(BaseCommand):
    help = "Counts the members of every team, and builds the leaderboards that Redis keeps, from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        for event in Event.objects.order_by("pk"):
            recount_members(event=event)
            for kind in Kind if settings.REDIS_URL else ():
                count = RedisBoard(event, kind).rebuild()
                self.stdout.write(f"{event.slug}: {count} places on the board of {kind}")
        if not settings.REDIS_URL:
            self.stdout.write("Without REDIS_URL the boards are read off the database: nothing else is kept.")
