"""A person with a browser: opens pages, fills in the forms they find, and has an address of their own."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter

Fields = dict[str, str]
# A field to the name and the content of its file.
Files = dict[str, tuple[str, str]]


class Lost(Exception):
    """The visitor met a page that was not what the campaign expects."""


class _Forms(HTMLParser):
    """The forms of a page: action, method and what is filled in already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, Fields]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), values.get("method", "get").lower(), {}))
        elif self.forms and tag in ("input", "textarea", "button") and values.get("name"):
            ticked = values.get("type") not in ("radio", "checkbox", "submit") and tag != "button"
            if ticked or "checked" in values:
                self.forms[-1][2][values["name"]] = values.get("value", "")


class _From(HTTPAdapter):
    """Speaks from one loopback address, as people come from different places."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(pool_connections=4, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


class Visitor:
    def __init__(self, site: str, number: int) -> None:
        self.session = requests.Session()
        self.session.mount("http://", _From(f"127.0.0.{2 + number % 250}"))
        # By its number: a name would be looked up in both families, and ours binds one.
        self.site = site
        self.page: requests.Response

    def open(self, path: str) -> "Visitor":
        return self._met(self.session.get(urljoin(self.site, path), timeout=30))

    def send(self, holding: str, **values: str) -> "Visitor":
        """Sends the page's form that has the field `holding`, with these values and what it was filled with."""
        return self._post(*self._holder(holding), values)

    def send_file(self, holding: str, name: str, content: str) -> "Visitor":
        """Sends the page's form that has the file field `holding`, with this file."""
        return self._post(*self._holder(holding), {}, {holding: (name, content)})

    def _holder(self, holding: str) -> tuple[str, Fields]:
        posts = self._posts()
        # A choice that nobody has made yet, or a button, is in no form's fields: then it is the form that is there.
        holders = [form for form in posts if holding in form[1]] or (posts if holding in self.page.text else [])
        if not holders:
            raise Lost(f"{self.page.url} has no form with {holding}")
        return holders[0]

    def press(self, action: str, **values: str) -> "Visitor":
        """Sends the page's first form whose action ends like this pattern; `^$` is a form that comes back here."""
        for target, fields in self._posts():
            if re.search(action, target):
                return self._post(target, fields, values)
        raise Lost(f"{self.page.url} has no form to {action}")

    def actions(self, pattern: str) -> list[str]:
        """Where the forms of the page go that match a pattern."""
        return [action for action, _fields in self._posts() if re.search(pattern, action)]

    def _posts(self) -> list[tuple[str, Fields]]:
        parser = _Forms()
        parser.feed(self.page.text)
        return [(action, fields) for action, method, fields in parser.forms if method == "post"]

    def _post(self, action: str, fields: Fields, values: Fields, files: Files | None = None) -> "Visitor":
        target = urljoin(self.page.url, action) if action else self.page.url
        headers = {"Referer": self.page.url}
        return self._met(self.session.post(target, data=fields | values, files=files, headers=headers, timeout=60))

    def _met(self, page: requests.Response) -> "Visitor":
        self.page = page
        if page.status_code >= 500:
            raise Lost(f"{page.url} answered {page.status_code}")
        return self

    def sees(self, words: str) -> bool:
        return words in self.page.text

    def expect(self, words: str) -> "Visitor":
        if not self.sees(words):
            problem = re.search(r'<div class="errors".*?</div>', self.page.text, re.DOTALL)
            said = " ".join(re.sub(r"<[^>]+>", " ", problem.group()).split()) if problem else ""
            raise Lost(f"{self.page.url} ({self.page.status_code}) does not say {words!r}. {said}")
        return self
