"""The documentation: OpenAPI 3.1, whole, with examples that are true to it."""

import json
from typing import Any

import jsonschema
import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats

from config.api import document, resources
from tests.factories import an_event


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [(address, methods["get"]) for address, methods in document()["paths"].items()]


def test_every_resource_is_documented_and_says_what_it_is() -> None:
    assert len(operations()) == len(resources)
    for address, operation in operations():
        assert operation["summary"], address
        assert {"200", "400", "404"} <= set(operation["responses"]), address
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description") or parameter["in"] == "path", (address, parameter)


def test_it_is_openapi_3_1_in_json_and_yaml(client: Client) -> None:
    answer = client.get("/api/v1/schema")
    assert answer["Content-Type"] == "application/json"
    told = json.loads(answer.content)
    assert told["openapi"].startswith("3.1.")
    assert yaml.safe_load(client.get("/api/v1/schema.yaml").content) == told
    assert client.get("/api/v1/schema", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_nothing_in_it_had_to_be_guessed() -> None:
    reset_generator_stats()
    document.cache_clear()
    document()
    assert not GENERATOR_STATS


@pytest.mark.parametrize(("address", "operation"), operations(), ids=[address for address, _operation in operations()])
def test_examples_are_true_to_it(address: str, operation: dict[str, Any]) -> None:
    content = operation["responses"]["200"]["content"]["application/json"]
    assert content["examples"]
    resolve = {**content["schema"], "components": document()["components"]}
    for example in content["examples"].values():
        jsonschema.validate(example["value"], resolve, jsonschema.Draft202012Validator)


def test_people_can_read_it_too(client: Client, db: None) -> None:
    an_event()
    page = client.get("/api").content.decode()
    for address, operation in operations():
        assert f"GET {address}" in page
        assert operation["summary"] in page
