"""What people do in these tests: fill in the form, sign, press."""

from typing import Any, cast

from django.http import HttpResponse
from django.test import Client

from events.models import Event
from registration.models import Registration


def with_places(event: Event, capacity: int, option: str = "run") -> None:
    event.options.filter(slug=option).update(capacity=capacity)


def words(event: Event, option: str = "run", **more: Any) -> dict[str, Any]:
    """What somebody types about one person."""
    found = event.options.filter(slug=option).first()
    typed = {
        "option": found.pk if found else option,
        "name": "Amina Warsame",
        "age": "34",
        "email": "amina@example.org",
        "shirt_size": "M",
        "emergency_name": "Hodan Warsame",
        "emergency_phone": "612-555-0100",
    }
    return typed | more


def press(path: str, **typed: Any) -> HttpResponse:
    return cast(HttpResponse, Client().post(path, typed))


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def start(event: Event, path: str = "/register/start", **more: Any) -> Registration:
    """A cart with one person, as its form makes it."""
    before = set(Registration.objects.values_list("pk", flat=True))
    answer = press(path, **words(event, **more))
    assert answer.status_code == 302, said(answer)
    cart = Registration.objects.exclude(pk__in=before).get()
    assert answer.headers["Location"] == f"/register/{cart.token}"
    return cart


def add(cart: Registration, **more: Any) -> None:
    answer = press(f"/register/{cart.token}/person", **words(cart.event, **more))
    assert answer.status_code == 302, said(answer)


def see(cart: Registration, path: str = "") -> str:
    return look(f"/register/{cart.token}{path}")


def look(path: str) -> str:
    answer = cast(HttpResponse, Client().get(path))
    assert answer.status_code == 200, answer
    return said(answer)


def sign(cart: Registration, cents: int, **more: Any) -> HttpResponse:
    """Signs for every grown-up by their name, having seen this total."""
    signatures = {f"sign_{person.pk}": person.name for person in cart.participants.filter(age__gte=18)}
    waiver = cart.event.waivers.first()
    typed = {"version": waiver.version if waiver else "", "seen_cents": cents} | signatures | more
    return press(f"/register/{cart.token}", **typed)
