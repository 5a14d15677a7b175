//! The `OpenAPI` document: from the list of routes, and from the types that are on the wire.

mod examples;
mod schemas;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::gateway::handlers::listing::{LISTED_STAGES, MOST_OF_A_PAGE};
use crate::gateway::handlers::submissions::LONGEST_KEY;
use crate::gateway::openapi::examples::examples;
use crate::gateway::openapi::schemas::{event_schema, reference, schemas};
use crate::gateway::routes::list::{Operation, ROUTES, Route, is_public};

/// What a name of a test set is like.
const TEST_SET: &str = "^sha256:[0-9a-f]{64}$";

/// The document, `OpenAPI` 3.1, whose schemas are JSON Schema 2020-12.
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for route in &ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Assize",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Judges and runs untrusted Python programs.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "headers": headers(),
            "schemas": schemas(),
        },
    })
}

/// Headers of answers to a site with quotas, and of refusals that are for now.
fn headers() -> Value {
    json!({
        "RateLimit-Policy": {
            "description": "The quotas of the site, where it has any: how much (q) in how many seconds (w), and of what (qu).",
            "schema": { "type": "string" },
        },
        "RateLimit": {
            "description": "What is left of them (r), and after how many seconds there is more (t).",
            "schema": { "type": "string" },
        },
        "Retry-After": {
            "description": "After how many seconds the same request may be sent again.",
            "schema": { "type": "integer", "minimum": 0 },
        },
    })
}

/// The headers of an answer with this status.
fn headers_of(status: u16) -> Value {
    let mut headers = Map::new();
    let retried = matches!(status, 429 | 503).then_some("Retry-After");
    for name in ["RateLimit-Policy", "RateLimit"].into_iter().chain(retried) {
        headers.insert(
            name.to_owned(),
            json!({ "$ref": format!("#/components/headers/{name}") }),
        );
    }
    Value::Object(headers)
}

/// What the service itself sends, to the `callback_url` of a submission.
fn webhooks() -> Value {
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers = headers.map(|name| json!({ "name": name, "in": "header", "schema": { "type": "string" } }));
    json!({ "submission": { "post": {
        "operationId": "callback",
        "summary": "The answer to a submission, signed by the Standard Webhooks specification",
        "security": [],
        "parameters": headers,
        "requestBody": { "content": { "application/json": { "schema": reference("CallbackEvent") } } },
        "responses": {
            "2XX": { "description": "It was taken." },
            "410": { "description": "Nothing is wanted here any more." },
        },
    } } })
}

fn operation(route: &Route) -> Value {
    let mut answers = Map::new();
    for (status, schema, meaning) in route.answers {
        let mut answer = content(schema, meaning);
        let links = links(route.operation, *status);
        if !links.is_empty() {
            answer["links"] = Value::Object(links);
        }
        answers.insert(status.to_string(), answer);
    }
    for status in refusals(route) {
        answers.insert(status.to_string(), content("ErrorDocument", reason(status)));
    }
    if !is_public(route.path) {
        for (status, answer) in &mut answers {
            answer["headers"] = headers_of(status.parse().unwrap_or_default());
        }
    }
    let mut operation = json!({
        "operationId": route.operation.id(),
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": answers,
    });
    if let Some(body) = route.body {
        let content = match body {
            "Package" => json!({ "application/zip": {} }),
            _ => json!({ "application/json": { "schema": reference(body), "examples": examples(route.operation) } }),
        };
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if is_public(route.path) {
        operation["security"] = json!([]);
    }
    operation
}

/// With what a route refuses.
fn refusals(route: &Route) -> BTreeSet<u16> {
    let every: &[u16] = if is_public(route.path) {
        &[]
    } else {
        &[400, 401, 403, 421, 429, 503]
    };
    let body: &[u16] = if route.body.is_some() {
        &[408, 413, 415, 422]
    } else {
        &[]
    };
    [every, body, route.refusals].concat().into_iter().collect()
}

/// What a refusal means.
fn reason(status: u16) -> &'static str {
    match status {
        400 => "The request is wrong, and where.",
        401 => "There is no token, or none that is known.",
        403 => "The token does not allow it, or it is another site's.",
        404 => "There is no such thing.",
        408 => "The body did not come in time.",
        409 => "Another submission has this id, or the package or test set cannot be kept.",
        410 => "The program is not kept any longer, or not its test set.",
        413 => "A cap was exceeded.",
        415 => "The body does not say that it is of this kind.",
        421 => "Without tokens, a name that is not this host's.",
        422 => "Nothing here can judge it, or send its answer there; the package is wrong.",
        429 => "A quota of the site was used up, or it has too much under way.",
        _ => "Too many wait, or something is away.",
    }
}

/// The operations that take the id in an answer.
fn links(operation: Operation, status: u16) -> Map<String, Value> {
    let (id, linked): (_, &[Operation]) = match (operation, status) {
        (Operation::Run, 200 | 202) | (Operation::Submit, 200 | 202) => (
            "$response.body#/id",
            &[
                Operation::Submission,
                Operation::Events,
                Operation::Cancel,
                Operation::Rejudge,
            ],
        ),
        (Operation::UploadTestSet, _) => (
            "$response.body#/test_set",
            &[Operation::TestSet, Operation::RemoveTestSet],
        ),
        (Operation::PutProblem, _) => ("$request.path.id", &[Operation::Problem, Operation::RejudgeProblem]),
        _ => return Map::new(),
    };
    let link = |operation: &Operation| {
        let link = json!({ "operationId": operation.id(), "parameters": { "id": id } });
        (operation.id().to_owned(), link)
    };
    linked.iter().map(link).collect()
}

fn parameters(route: &Route) -> Vec<Value> {
    let mut parameters = Vec::new();
    if route.path.contains("{id}") {
        let schema = match route.operation {
            Operation::TestSet | Operation::RemoveTestSet => json!({ "type": "string", "pattern": TEST_SET }),
            _ if route.path.starts_with("/v1/submissions") => json!({ "type": "string", "format": "uuid" }),
            _ => json!({ "type": "string" }),
        };
        parameters.push(json!({ "name": "id", "in": "path", "required": true, "schema": schema }));
    }
    for (place, name, meaning) in route.parameters {
        let kind = match *name {
            "wait" => json!({ "type": "number", "minimum": 0 }),
            "limit" => json!({ "type": "integer", "minimum": 1, "maximum": MOST_OF_A_PAGE }),
            "Idempotency-Key" => {
                json!({ "type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$" })
            }
            "since" | "until" => json!({ "type": "string", "format": "date-time" }),
            "state" => json!({ "type": "string", "enum": LISTED_STAGES }),
            "metadata" => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            _ => json!({ "type": "string" }),
        };
        let mut parameter = json!({ "name": name, "in": place, "description": meaning, "schema": kind });
        if *name == "metadata" {
            (parameter["style"], parameter["explode"]) = (json!("deepObject"), json!(true));
        }
        parameters.push(parameter);
    }
    parameters
}

fn content(schema: &str, meaning: &str) -> Value {
    if schema == "Nothing" {
        return json!({ "description": meaning });
    }
    let (kind, schema) = match schema {
        "EventStream" => ("text/event-stream", event_schema()),
        "Text" => ("text/plain", json!({ "type": "string" })),
        "Any" => ("application/json", json!({})),
        "ErrorDocument" => ("application/problem+json", reference(schema)),
        name => ("application/json", reference(name)),
    };
    json!({ "description": meaning, "content": { kind: { "schema": schema } } })
}
