"""Decodes Stripe's form encoding: `a[b][0][c]=x` becomes {"a": {"b": [{"c": "x"}]}}."""

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe_sandbox.errors import StripeError

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
STEP = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """The nested form of a body or a query string; leaves are strings."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        match = KEY.match(key)
        if match is None:
            raise StripeError(f"Invalid parameter name: {key}")
        _plant(tree, [match.group(1), *STEP.findall(match.group(2))], value)
    return {key: _lists(value) for key, value in tree.items()}


def _plant(tree: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        child = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(child, dict):
            raise StripeError(f"Invalid parameters: {'.'.join(path)} is both a value and a hash.")
        tree = child
    last = path[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise StripeError(f"Invalid parameters: {'.'.join(path)} is both a value and a hash.")
    tree[last] = value


def _lists(value: Any) -> Any:
    """Turns {"0": …, "1": …} into a list; metadata whose keys are all such numbers is the one ambiguity."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(child) for key, child in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
