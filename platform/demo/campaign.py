"""Plays the script through the site's own routes and the sandbox's hosted page, as people with browsers do."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from demo.script import CARD, DECLINED, RUNNERS, STRONG, TEAMS, Day, GiftScene
from demo.stage import Stage
from demo.visitor import Lost, Visitor

DAY = 86_400
STAFF_CODE = "000000"
AT_ONCE = 3


def sign_in_staff(site: str, email: str) -> Visitor:
    """Signs a person of staff in: the code from the local outbox, then the demo's second factor."""
    staff = Visitor(site, 0).open("/accounts/login/").send("email", email=email)
    outbox = Visitor(site, 1).open("/outbox")
    newest = re.search(r'href="(/outbox/\d+)"', outbox.page.text)
    if not newest:
        raise Lost("the outbox shows no mail with a sign-in code")
    outbox.open(newest.group(1))
    code = re.search(r"\b([A-Z0-9]{4}-[A-Z0-9]{4}|[A-Z0-9]{6,8})\b", outbox.page.text)
    if not code:
        raise Lost("the newest mail holds no sign-in code")
    staff.send("code", code=code.group(1))
    return staff.send("code", code=STAFF_CODE)


class Campaign:
    def __init__(self, stage: Stage, days: list[Day], staff: Visitor) -> None:
        self.stage, self.days, self.staff = stage, days, staff
        self.pages: dict[int, str] = {}
        self.visits = 0

    def play(self, told: Callable[[int], None]) -> None:
        """All days; `told` hears how many acts were played."""
        for place, day in enumerate(self.days):
            self.stage.set_time((place - len(self.days)) * DAY)
            for runner in day.runners:
                self._make_page(runner)
            with ThreadPoolExecutor(AT_ONCE) as people:
                list(people.map(self._visit, day.gifts))
            self.stage.deliver()
            told(len(day.runners) + len(day.gifts))
        self.stage.set_time(0)
        self.stage.deliver()

    def _make_page(self, runner: int) -> None:
        name = RUNNERS[runner]
        self.staff.open("/desk/runners/new").send(
            "name",
            name=name,
            email=f"runner{runner}@example.org",
            team=TEAMS[runner % len(TEAMS)] if runner % 9 else "",
            goal="500" if runner % 3 else "1500",
            is_listed="on",
        ).expect(name)
        self.pages[runner] = re.sub(r"[^a-z]+", "-", name.lower())

    def _visit(self, scene: GiftScene) -> None:
        self.visits += 1
        visitor = Visitor(self.stage.site, 10 + self.visits)
        if scene.runner is not None:
            path = f"/r/{self.pages[scene.runner]}"
            visitor.open(path).expect(RUNNERS[scene.runner].split()[0]).open(f"{path}/give")
        else:
            visitor.open("/give/fees" if "office" in scene.form["email"] else "/give")
        visitor.send("form_token", **scene.form).expect("Stripe sandbox")
        if scene.leaves:
            return
        self._pay(visitor, scene)

    def _pay(self, visitor: Visitor, scene: GiftScene) -> None:
        who = {"name": scene.form["name"]}
        card = {**who, "method": "card", "expiry": "12 / 34", "cvc": "123"}
        if scene.account:
            debit = {"method": "us_bank_account", "routing_number": "110000000", "account_number": scene.account}
            visitor.send("account_number", **who, **debit)
        elif scene.card == STRONG:
            visitor.send("card_number", **card, card_number=STRONG).send("result", result="complete")
        elif scene.card == DECLINED:
            visitor.send("card_number", **card, card_number=DECLINED).expect("There is a problem")
            visitor.send("card_number", **card, card_number=CARD)
        else:
            visitor.send("card_number", **card, card_number=scene.card)
        if not visitor.page.url.startswith(f"{self.stage.site}/thanks/"):
            raise Lost(f"a gift of {scene.form['name']} ended at {visitor.page.url}")
