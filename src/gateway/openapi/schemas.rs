//! The schemas of the `OpenAPI` document, made from the types that are on the wire.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use crate::contract::{
    BatchEntry, CallbackEvent, ErrorDocument, Judgement, KeptProblem, LanguageInfo, ProblemInfo, ProblemList,
    ProblemRejudgeAccepted, Progress, Rejection, RejudgeAccepted, RunRequest, RunResult, ServiceStatus, SubmissionPage,
    SubmissionRequest, SubmissionState, TestSetInfo,
};

/// Every schema by its name. What comes in is described as it is accepted, what goes out as it is sent.
pub(super) fn schemas() -> Value {
    let mut schemas = sent();
    schemas.extend(accepted());
    schemas.extend(composed());
    Value::Object(schemas)
}

/// The schemas of what the service sends.
fn sent() -> Map<String, Value> {
    let mut sent = generator(SchemaSettings::draft2020_12().for_serialize());
    add::<SubmissionState>(&mut sent);
    add::<RunResult>(&mut sent);
    add::<Judgement>(&mut sent);
    add::<Progress>(&mut sent);
    add::<Rejection>(&mut sent);
    add::<BatchEntry>(&mut sent);
    add::<CallbackEvent>(&mut sent);
    add::<RejudgeAccepted>(&mut sent);
    add::<ErrorDocument>(&mut sent);
    add::<LanguageInfo>(&mut sent);
    add::<ProblemInfo>(&mut sent);
    add::<KeptProblem>(&mut sent);
    add::<TestSetInfo>(&mut sent);
    add::<ProblemList>(&mut sent);
    add::<ServiceStatus>(&mut sent);
    add::<SubmissionPage>(&mut sent);
    add::<ProblemRejudgeAccepted>(&mut sent);
    sent.take_definitions(true)
}

/// The schemas of what it is sent.
fn accepted() -> Map<String, Value> {
    let mut accepted = generator(SchemaSettings::draft2020_12().for_deserialize());
    add::<SubmissionRequest>(&mut accepted);
    add::<RunRequest>(&mut accepted);
    accepted.take_definitions(true)
}

/// The schemas that no type has, since they are lists and choices of others.
fn composed() -> Map<String, Value> {
    let one_or_many = json!({
        "oneOf": [reference("SubmissionRequest"), { "type": "array", "items": reference("SubmissionRequest") }],
    });
    let accepted = json!({
        "oneOf": [reference("SubmissionState"), { "type": "array", "items": reference("BatchEntry") }],
    });
    let test_set = json!({ "type": "array", "minItems": 1, "items": reference("InlineTest") });
    let languages = json!({ "type": "array", "items": reference("LanguageInfo") });
    Map::from_iter([
        ("Submissions".to_owned(), one_or_many),
        ("Accepted".to_owned(), accepted),
        ("TestSet".to_owned(), test_set),
        ("Languages".to_owned(), languages),
    ])
}

fn generator(settings: SchemaSettings) -> SchemaGenerator {
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    let _reference = generator.subschema_for::<T>();
}

/// One event of a stream, by its name.
pub(super) fn event_schema() -> Value {
    let events = [
        ("state", "SubmissionState"),
        ("progress", "Progress"),
        ("verdict", "Judgement"),
        ("result", "RunResult"),
        ("rejection", "Rejection"),
    ];
    let events = events.map(|(name, document)| {
        json!({
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "event": { "const": name },
                "id": { "type": "string", "description": "Of progress: tests that have finished." },
                "data": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": reference(document),
                },
            },
        })
    });
    json!({ "oneOf": events })
}

pub(super) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}
