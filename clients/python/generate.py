"""Writes src/assize/models.py, which holds the documents of docs/openapi.json as pydantic models.

    python generate.py            writes it
    python generate.py --check    fails when it is not what the document says

Needs the packages of requirements-test.txt.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from datamodel_code_generator import GenerateConfig, InputFileType, OpenAPIScope, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "openapi.json"
MODELS = HERE / "src" / "assize" / "models.py"

# What the client sends, and what it reads; what these are made of comes along.
REQUESTS = ("SubmissionRequest", "RunRequest")
ANSWERS = (
    "SubmissionState",
    "Progress",
    "ErrorDocument",
    "KeptProblem",
    "LanguageInfo",
    "ProblemInfo",
    "ProblemList",
    "ServiceStatus",
    "ProblemRejudgeAccepted",
    "RejudgeAccepted",
    "SubmissionPage",
    "TestSetInfo",
)
# What code can do with a document beside reading its fields.
BASES: dict[str, str | list[str]] = {
    "Functional": "assize._bases.FunctionalBase",
    "Judgement": "assize._bases.JudgementBase",
    "Payload": "assize._bases.PayloadBase",
    "RunResult": "assize._bases.RunResultBase",
    "SubmissionState": "assize._bases.SubmissionStateBase",
}
HEADER = '"""The documents of the service. Written by generate.py from docs/openapi.json: change neither by hand."""'


def main() -> int:
    models = generated()
    if "--check" not in sys.argv[1:]:
        MODELS.write_text(models, encoding="utf-8")
        return 0
    if MODELS.read_text(encoding="utf-8") == models:
        return 0
    print(f"{MODELS} is not what {DOCUMENT} says; write it anew: python {HERE / 'generate.py'}", file=sys.stderr)
    return 1


def generated() -> str:
    """The text of the models."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    # The service fills it in; a default here would be text where a value of an enum is expected.
    for name, field in (("Compare", "mode"), ("CallOptions", "processes")):
        schemas[name]["properties"][field].pop("default", None)
    answers = reachable(schemas, ANSWERS)
    wanted = answers | reachable(schemas, REQUESTS)
    constants = {name: constant for name in wanted if (constant := constant_of(schemas[name]))}
    document["paths"] = {}
    document["components"] = {
        "schemas": {
            name: with_constants(simplified(schema, is_answer=name in answers), constants)
            for name, schema in schemas.items()
            if name in wanted and name not in constants
        }
    }
    with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
        # Formats such as uint64 are integers like any other here.
        warnings.simplefilter("ignore")
        output = Path(directory) / "models.py"
        generate(json.dumps(document), config=options(output))
        text = output.read_text(encoding="utf-8")
    return finished(text)


def options(output: Path) -> GenerateConfig:
    return GenerateConfig(
        output=output,
        input_file_type=InputFileType.OpenAPI,
        openapi_scopes=[OpenAPIScope.Schemas],
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_310,
        custom_file_header=HEADER,
        base_class_map=BASES,
        enum_field_as_literal=LiteralType.One,
        keep_model_order=True,
        use_annotated=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_subclass_enum=True,
        use_schema_description=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_attribute_docstrings=True,
        use_single_line_docstring=True,
        use_double_quotes=True,
        use_title_as_name=False,
        use_typed_nullable_map_values=True,
        formatters=[Formatter.RUFF_FORMAT],
        settings_path=HERE,
    )


def reachable(schemas: dict[str, Any], roots: tuple[str, ...]) -> set[str]:
    """The names of these schemas, and of all that they refer to."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schemas[name]))
    return found


def simplified(schema: dict[str, Any], *, is_answer: bool) -> dict[str, Any]:
    """A schema without what the service alone decides.

    The service says what is wrong with a value in better words than a pattern does. In an answer, what a newer service
    adds is no mistake.
    """
    if "properties" in schema:
        schema = {key: value for key, value in schema.items() if key not in ("oneOf", "anyOf", "not", "title")}
        if is_answer:
            schema.pop("additionalProperties", None)
        else:
            # The path says which document it is.
            schema["properties"] = {name: inner for name, inner in schema["properties"].items() if name != "type"}
    return {key: without_patterns(value) for key, value in schema.items()}


def without_patterns(value: Any) -> Any:
    if isinstance(value, dict):
        is_string = value.get("type") == "string"
        return {key: without_patterns(inner) for key, inner in value.items() if not (is_string and key == "pattern")}
    if isinstance(value, list):
        return [without_patterns(inner) for inner in value]
    return value


def constant_of(schema: dict[str, Any]) -> str | None:
    """The only text that this schema allows."""
    values = schema.get("enum") or [variant.get("const") for variant in schema.get("oneOf", [])]
    return values[0] if len(values) == 1 and isinstance(values[0], str) else None


def with_constants(value: Any, constants: dict[str, str]) -> Any:
    """Has such texts where the schema refers to them."""
    if isinstance(value, dict):
        name = value.get("$ref", "").removeprefix("#/components/schemas/")
        if name in constants:
            rest = {key: inner for key, inner in value.items() if key != "$ref"}
            return {**rest, "type": "string", "const": constants[name]}
        return {key: with_constants(inner, constants) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_constants(inner, constants) for inner in value]
    return value


def finished(text: str) -> str:
    """Values of an enumeration that a newer service knows are read too, and values of Python become tags."""
    text = text.replace("(str, Enum):", "(OpenEnum):")
    text = re.sub(r"^from enum import Enum\n", "", text, flags=re.MULTILINE)
    # A type that is no object has no base to name.
    text = text.replace("class Data(RootModel[Any]):", "class Data(DataBase):").replace(", RootModel\n", "\n")
    bases = "from assize._bases import "
    return text.replace(bases, bases + "OpenEnum, ").replace(
        "from uuid", "from assize._values import DataBase\nfrom uuid", 1
    )


if __name__ == "__main__":
    raise SystemExit(main())
