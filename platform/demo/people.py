"""Who registers in the demo's campaign, household by household. All of them are made up."""

from dataclasses import dataclass, field

RUN, WALK, KIDS = "5K run", "5K walk", "Kids&#x27; run"
STRIDERS, PARISH, NURSES, TRACK = "North Loop Striders", "St. Olaf Parish", "Nurses of HCMC", "Roosevelt High track"
LAW, KETTLEBELLS, FROGTOWN, LIBRARY = "Mill City Law", "Kettlebells", "Frogtown Families", "Friends of the Library"
CODE, FREE_CODE = "EARLYBIRD", "CREW"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    option: str
    age: int
    team: str = ""
    page_name: str = ""
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """People who sign up in one payment, on a day of the campaign."""

    day: int
    email: str
    people: tuple[Person, ...]
    code: str = ""
    gift: str = ""
    moves_to: str = field(default="", kw_only=True)


def _family(day: int, email: str, *people: Person, code: str = "", gift: str = "", moves_to: str = "") -> Household:
    return Household(day, f"{email}@example.org", people, code, gift, moves_to=moves_to)


HOUSEHOLDS = [
    _family(0, "amina", Person("Amina Warsame", RUN, 34, STRIDERS),
            Person("Ayaan Warsame", KIDS, 9, STRIDERS), gift="100"),
    _family(0, "jonas", Person("Jonas Lindqvist", RUN, 41, PARISH),
            Person("Ingrid Lindqvist", WALK, 39, PARISH), code=CODE),
    _family(0, "maria", Person("Maria Delgado", RUN, 29, NURSES), gift="50"),
    _family(0, "tou", Person("Tou Vang", RUN, 36, FROGTOWN), Person("Mai Vang", WALK, 35, FROGTOWN),
            Person("Kong Vang", KIDS, 8, FROGTOWN)),
    _family(1, "grace", Person("Grace Okafor", RUN, 45, NURSES), gift="25"),
    _family(1, "peter", Person("Peter Halvorson", WALK, 62, PARISH), Person("Ruth Halvorson", WALK, 60, PARISH)),
    _family(2, "fadumo", Person("Fadumo Ali", RUN, 27, STRIDERS), code=CODE, moves_to=FROGTOWN),
    _family(3, "lucy", Person("Lucy Anderson", RUN, 16, TRACK, "Lucy")),
    _family(3, "daniel", Person("Daniel Reyes", RUN, 33, LAW), Person("Elena Reyes", RUN, 31, LAW), gift="100"),
    _family(5, "mai", Person("Mai Xiong", WALK, 48, FROGTOWN)),
    _family(6, "willow", Person("Wendy Brook", WALK, 38, "", "Willow", is_protected=True)),
    _family(7, "abdi", Person("Abdi Hassan", RUN, 24, STRIDERS), Person("Zahra Hassan", RUN, 23, STRIDERS)),
    _family(8, "hannah", Person("Hannah Cole", RUN, 37, KETTLEBELLS), Person("Owen Cole", KIDS, 7, KETTLEBELLS)),
    _family(9, "pahoua", Person("Pa Houa Yang", RUN, 30, NURSES), gift="50"),
    _family(10, "sam", Person("Sam Whitefeather", RUN, 52, LIBRARY), gift="25"),
    _family(11, "olivia", Person("Olivia Brandt", WALK, 57, LIBRARY), Person("Carl Brandt", WALK, 59, LIBRARY)),
    _family(12, "crew", Person("Noah Berg", RUN, 22), code=FREE_CODE),
    _family(14, "marcus", Person("Marcus Greene", RUN, 44, LAW)),
    _family(16, "nora", Person("Nora Lee", RUN, 28, KETTLEBELLS)),
    _family(18, "emil", Person("Emil Johansson", RUN, 35, TRACK), Person("Alma Johansson", KIDS, 6, TRACK)),
    _family(20, "ruth", Person("Ruth Feldman", WALK, 66, LIBRARY), gift="50"),
    _family(22, "kofi", Person("Kofi Mensah", RUN, 40, PARISH), Person("Ama Mensah", RUN, 38, PARISH)),
    _family(24, "ellen", Person("Ellen Byrne", RUN, 31, STRIDERS)),
    _family(26, "diego", Person("Diego Luna", RUN, 26, KETTLEBELLS)),
    _family(28, "troll", Person("Vince Harm", RUN, 25)),
]  # fmt: skip
# Whose page the organizers hide before it ends.
HIDDEN = "Vince Harm"
