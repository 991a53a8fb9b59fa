"""What happens around the money: readers of the news, people who help, a story that is told and read."""

import re

from accounts.models import User
from demo import mailing
from demo.stage import Stage
from demo.visitor import Lost, Visitor
from demo.volunteers import volunteers
from events.queries import current_event

WRITES, SENDS = 10, 12
STORY = (
    "A neighbor asked me how I was, and meant it. It took me a year to answer. I am here because she asked again, and"
    " because the people she called knew what to do. If you wonder about somebody next door: ask, and ask again."
)


class Around:
    def __init__(self, stage: Stage, organizer: Visitor) -> None:
        self.stage, self.organizer = stage, organizer

    def after(self, place: int) -> None:
        """What falls on this day of the campaign."""
        event = current_event()
        if place == WRITES:
            mailing.gather(event)
            mailing.write(event, User.objects.get(email="organizer@example.org"))
        if place == SENDS:
            mailing.send()

    def finish(self) -> None:
        """On the last day: shifts and who takes them, a story that is published, one that waits, a screen."""
        volunteers(self.stage.site, self.organizer)
        self._tell(180, STORY, "Ana", "Speaks of coercion.")
        self._publish("Ana")
        self._tell(181, "I run because my sister cannot.", "", "")
        self.organizer.open("/desk/screens").send("place", name="Finish line", place="Gate 34", invites="give")

    def _tell(self, number: int, text: str, name: str, note: str) -> None:
        visitor = Visitor(self.stage.site, number).open("/stories/tell")
        agreed = dict.fromkeys(("mine", "grown", "publish", "quote"), "on")
        visitor.send("text", text=text, name=name, email=f"story{number}@example.org", content_note=note, **agreed)

    def _publish(self, name: str) -> None:
        listed = self.organizer.open("/desk/stories").page.text
        link = re.search(rf'href="(/desk/stories/\d+)">[^<]*<span[^>]*> {name}', listed)
        if not link:
            raise Lost(f"the desk shows no story of {name}")
        self.organizer.open(link[1]).send("seen", state="published")
