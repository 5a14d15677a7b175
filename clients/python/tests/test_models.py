"""The documents, against those of the service."""

from __future__ import annotations

import inspect
import json

import pytest
from conftest import REPOSITORY

import generate
from assize import Assize, AsyncAssize, Judgement, Progress, Rejection, RunResult, Verdict

EXAMPLES = REPOSITORY / "docs" / "examples"


def test_the_models_are_those_of_the_openapi_document() -> None:
    written = generate.MODELS.read_text()
    assert written == generate.generated(), "write them anew: docker/client.sh --models"


@pytest.mark.parametrize(
    ("name", "model"),
    [("verdict", Judgement), ("result", RunResult), ("rejection", Rejection), ("progress", Progress)],
)
def test_the_examples_of_the_documentation_are_read(
    name: str, model: type[Judgement | RunResult | Rejection | Progress]
) -> None:
    text = (EXAMPLES / f"{name}.json").read_text()
    assert (
        json.loads(model.model_validate_json(text).model_dump_json(exclude_unset=True)).keys()
        == json.loads(text).keys()
    )


def test_what_only_a_newer_service_says_is_read() -> None:
    document = json.loads((EXAMPLES / "verdict.json").read_text())
    document |= {"verdict": "PE", "mood": "good"}
    judgement = Judgement.model_validate(document)
    assert judgement.verdict == "PE"
    assert judgement.verdict != Verdict.AC
    assert f"{judgement.verdict}" == str(judgement.verdict) == "PE"


def test_both_clients_have_the_same_methods() -> None:
    assert public(Assize) == public(AsyncAssize)


def public(kind: type) -> dict[str, list[str]]:
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {name: list(inspect.signature(method).parameters) for name, method in methods if not name.startswith("_")}
