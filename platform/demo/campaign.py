"""Plays the script through the site's own routes and the sandbox's hosted page, as people with browsers do."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from demo.around import Around
from demo.mailbox import newest_mail
from demo.office import Office
from demo.people import CODE, FREE_CODE, HIDDEN, Household, Person
from demo.script import CARD, DECLINED, STRONG, Day, GiftScene
from demo.stage import Stage
from demo.visitor import Lost, Visitor

DAY = 86_400
AT_ONCE = 3


class Campaign:
    def __init__(self, stage: Stage, days: list[Day], staff: Visitor, office: Office, around: Around) -> None:
        self.stage, self.days, self.staff, self.office, self.around = stage, days, staff, office, around
        self.pages: dict[str, str] = {}
        self.visits = 0

    def play(self, told: Callable[[int], None]) -> None:
        """All days; `told` hears how many acts were played."""
        for place, day in enumerate(self.days):
            self.stage.set_time((place - len(self.days)) * DAY)
            if not place:
                self._make_codes()
            for household in day.households:
                self._register(household)
            with ThreadPoolExecutor(AT_ONCE) as people:
                list(people.map(self._visit, day.gifts))
            self.stage.deliver()
            self.office.after(place)
            self.around.after(place)
            told(len(day.households) + len(day.gifts))
        self.office.confirm()
        self._hide(HIDDEN)
        self.stage.set_time(0)
        self.around.finish()
        self.stage.deliver()

    def _make_codes(self) -> None:
        for code, terms in ((CODE, {"amount_off": "5"}), (FREE_CODE, {"percent_off": "100"})):
            self.staff.open("/desk/promo-codes").send("percent_off", code=code, max_uses="10", **terms).expect(code)

    def _visitor(self) -> Visitor:
        self.visits += 1
        return Visitor(self.stage.site, 10 + self.visits)

    def _register(self, household: Household) -> None:
        """A household signs up, signs the waiver, pays, and finds its pages."""
        visitor, (first, *others) = self._visitor().open("/register/start"), household.people
        self._fill_in(visitor, first, household.email)
        cart = visitor.page.url
        for person in others:
            self._fill_in(visitor.open(f"{cart}/person"), person, "")
        visitor.open(cart)
        if household.code:
            visitor.open(f"{cart}/code").send("code", code=household.code)
        if household.gift:
            visitor.open(f"{cart}/gift").send("amount", amount=household.gift)
        self._sign_and_pay(visitor, household)
        for person in household.people:
            shown = person.page_name or person.name
            page = re.search(rf'href="(/r/[^"]+)">{re.escape(shown.split()[0])}.s page', visitor.page.text)
            if not page:
                raise Lost(f"{visitor.page.url} shows no page of {shown}")
            self.pages[person.name] = page.group(1)
        if household.moves_to:
            self._move(visitor, household)

    def _fill_in(self, visitor: Visitor, person: Person, email: str) -> None:
        option = re.search(rf'name="option" value="(\d+)".*?<b>{re.escape(person.option)}</b>', visitor.page.text)
        if not option:
            raise Lost(f"{visitor.page.url} does not offer {person.option}")
        size = "Youth M" if person.age < 13 else "M"
        words = {"name": person.name, "age": str(person.age), "email": email, "team": person.team}
        words |= {"emergency_name": "Rosa Park", "emergency_phone": "612-555-0142", "page_name": person.page_name}
        if person.is_protected:
            words["is_protected"] = "on"
        visitor.send("emergency_name", option=option.group(1), shirt_size=size, **words).expect("Your registration")

    def _sign_and_pay(self, visitor: Visitor, household: Household) -> None:
        grown = [person for person in household.people if person.age >= 18]
        fields = re.findall(r'name="(sign_\d+)"', visitor.page.text)
        signatures = {name: person.name for name, person in zip(fields, grown, strict=True)}
        if not grown:
            signatures |= {"name": "Karen Anderson", "email": household.email}
        visitor.send("seen_cents", **signatures)
        if visitor.sees("Stripe sandbox"):
            self._pay(visitor, GiftScene("", {"name": (grown or household.people)[0].name}))
            link = re.search(r'href="(/registration/[^"]+)"', visitor.page.text)
            if not link:
                raise Lost(f"{visitor.page.url} does not lead to the registration")
            visitor.open(link.group(1))
        visitor.expect("You are in")

    def _move(self, visitor: Visitor, household: Household) -> None:
        """The runner claims the page by the link in the mail, and runs with another team from then on."""
        claim = newest_mail(self.stage.site, household.email, r"(/claim/[^\s<]+)")
        visitor.open(claim).send("what", what="mine")
        slug = re.sub(r"[^a-z]+", "-", household.moves_to.lower())
        page = re.search(r'name="page" value="([^"]+)"', visitor.open(f"/t/{slug}/join").page.text)
        if not page:
            raise Lost(f"{visitor.page.url} offers no page to join with")
        visitor.send("page", page=page.group(1)).expect(household.moves_to)

    def _hide(self, name: str) -> None:
        hide = re.search(
            rf'action="(/desk/runners/\d+/hide)"(?:(?!</form>).)*{re.escape(name)}',
            self.staff.open(f"/desk/runners?q={name}").page.text,
            re.DOTALL,
        )
        if not hide:
            raise Lost(f"the desk does not offer to hide {name}")
        self.staff.send("hidden", hidden="1").expect(name)

    def _visit(self, scene: GiftScene) -> None:
        visitor = self._visitor()
        if scene.runner:
            path = self.pages[scene.runner]
            visitor.open(path).expect(scene.runner.split()[0]).open(f"{path}/give")
        elif scene.team:
            path = "/t/" + re.sub(r"[^a-z]+", "-", scene.team.lower())
            visitor.open(path).expect(scene.team.split()[0]).open(f"{path}/give")
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
