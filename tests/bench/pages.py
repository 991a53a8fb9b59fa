"""A warm runner's page, against a bare Django view behind the same server and middleware."""

from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

import config.urls
from fundraisers.models import Fundraiser
from tests.bench.rounds import Line, compare

REQUESTS = 60


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Bare</title>")


def line(page: Fundraiser) -> Line:
    urlpatterns: list[Any] = config.urls.urlpatterns
    urlpatterns.append(path("bench/bare", bare))
    handler = WSGIHandler()
    return compare("a runner's page, warm", _visits(handler, page.get_absolute_url()), _visits(handler, "/bench/bare"))


def _visits(handler: WSGIHandler, url: str) -> Callable[[], int]:
    environ = RequestFactory(headers={"host": "localhost"}).get(url).environ

    def visit() -> int:
        for _ in range(REQUESTS):
            statuses: list[str] = []
            body = handler(dict(environ), lambda status, _headers, found=statuses: found.append(status))
            assert b"".join(body)
            assert statuses == ["200 OK"], statuses
        return REQUESTS

    return visit
