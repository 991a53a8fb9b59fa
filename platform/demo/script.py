"""What happens in the demo's campaign, day by day: the same in every run. People and amounts are made up."""

from dataclasses import dataclass
from random import Random

from demo.people import HIDDEN, HOUSEHOLDS, Household, Person

DAYS = 30
DONORS = [
    "Halima Warsame", "Tom Becker", "Rosa Delgado", "Coach Thompson", "Lena Fischer", "Ahmed Yusuf", "Susan Park",
    "Bill Carlson", "Mary Schmidt", "Yer Lor", "George Hill", "Anna Petersen", "Omar Said", "Judy Nelson", "Carl Moe",
    "Beth Ramirez", "Kao Moua", "Linda Olson", "Nils Berg", "Faith Adeyemi", "Joe Novak", "Emma Stone Wright",
]  # fmt: skip
WORDS = [
    "Run slow, talk loud.", "See you at the finish line.", "For my sisters.", "So proud of you!", "Go, go, go!",
    "Thank you for doing this.", "One step forward.", "Not in our city.", "From all of us at work.",
]  # fmt: skip
SPONSORS = [("Mill City Bank", "500"), ("Lakeside Dental", "250")]

CARD, STRONG, DECLINED = "4242424242424242", "4000002760003184", "4000000000000002"
DEBIT, DEBIT_FAILS = "000123456789", "000222222227"
# A card whose bank asks for the money back, and the day on which two people give with it.
DISPUTED, DISPUTED_DAY = "4000000000000259", 15


@dataclass(frozen=True, slots=True)
class GiftScene:
    """One visit to a give form: a runner's, a team's, or the event's or that of the fees with neither."""

    runner: str
    form: dict[str, str]
    card: str = CARD
    account: str = ""
    leaves: bool = False
    team: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    households: tuple[Household, ...]
    gifts: tuple[GiftScene, ...]


def script(seed: int = 5) -> list[Day]:
    """The days of the campaign, oldest first."""
    random = Random(seed)
    joined: list[Person] = []
    days = []
    for number in range(DAYS):
        new = tuple(household for household in HOUSEHOLDS if household.day == number)
        joined += [person for household in new for person in household.people if _is_public(person)]
        gifts = [_gift(random, joined, number) for _ in range(random.randint(2, 6))]
        if number < len(SPONSORS):
            gifts.append(_funding(number))
        if number == DISPUTED_DAY:
            for name in ("Victor Lang", "Dana Miles"):
                form = {
                    "preset": "5000",
                    "name": name,
                    "email": f"{name.split()[0].lower()}@example.org",
                    "shown": "full",
                }
                gifts.append(GiftScene(joined[0].name, form, card=DISPUTED))
        if number == DAYS - 1:
            # The one item that is open when the demo ends: it clears in three days.
            form = {"preset": "5000", "name": "Linda Olson", "email": "linda@example.org", "shown": "full"}
            gifts.append(GiftScene(joined[0].name, form, account=DEBIT))
        days.append(Day(new, tuple(gifts)))
    return days


def _is_public(person: Person) -> bool:
    """Whose page donors find by themselves."""
    return person.age >= 18 and not person.is_protected and person.name != HIDDEN


def _funding(number: int) -> GiftScene:
    name, dollars = SPONSORS[number]
    return GiftScene("", {"amount": dollars, "name": name, "email": f"office{number}@example.org"})


def _gift(random: Random, joined: list[Person], day: int) -> GiftScene:
    # A few runners raise most, as in life.
    liked = joined[min(int(random.expovariate(0.22)), len(joined) - 1)]
    whom = random.random()
    runner, team = (liked.name if whom > 0.1 else "", liked.team if 0.05 < whom <= 0.1 else "")
    name = random.choice(DONORS)
    form = {"name": name, "email": f"{name.split()[0].lower()}{random.randint(1, 99)}@example.org"}
    if random.random() < 0.6:
        form["preset"] = random.choice(["2500", "5000", "5000", "10000"])
    else:
        form["amount"] = random.choice(["10", "20", "33.33", "40", "75", "150", "250", "1,000", "12.50"])
    if (runner or team) and random.random() < 0.5:
        form["message"] = random.choice(WORDS)
    form["shown"] = random.choices(["full", "first", "alias", "anonymous"], [6, 2, 1, 2])[0]
    if form["shown"] == "alias":
        form["alias"] = random.choice(["Grandma", "The neighbours", "An old friend"])
    if random.random() < 0.06:
        form |= {"dedication": random.choice(["honour", "memory"]), "dedicated_to": "Grandmother Rose"}
    form |= {name: "on" for name, chance in (("amount_hidden", 0.15), ("cover", 0.3)) if random.random() < chance}
    way = random.random()
    if way < 0.04:
        return GiftScene(runner, form, leaves=True, team=team)
    if way < 0.10:
        return GiftScene(runner, form, account=DEBIT_FAILS if day == 12 else DEBIT, team=team)
    return GiftScene(runner, form, card=STRONG if way < 0.16 else DECLINED if way < 0.22 else CARD, team=team)
