//! The `OpenAPI` document: it is the published one, and what is sent obeys it.

use std::collections::BTreeSet;
use std::fs;

use assize::gateway::openapi;
use serde_json::{Value, json};

use crate::service::Service;

/// Holds a document against a schema of the service.
pub(crate) fn conforms(schema: &str, document: &Value) {
    let mut whole = json!({ "$ref": format!("#/components/schemas/{schema}") });
    whole["components"] = openapi()["components"].clone();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap();
    if let Err(error) = validator.validate(document) {
        panic!("{schema}: {}: {error}\n{document:#}", error.instance_path());
    }
}

#[test]
fn the_published_document_is_that_of_the_routes() {
    let published = fs::read_to_string("docs/openapi.json").unwrap_or_default();
    let current = serde_json::to_string_pretty(&openapi()).unwrap() + "\n";
    assert!(
        published == current,
        "docs/openapi.json is out of date; write it again with: cargo run -- schema openapi > docs/openapi.json"
    );
}

#[test]
fn every_schema_that_is_referred_to_is_there() {
    let document = openapi();
    let text = document.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(!document["components"]["schemas"][name].is_null(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_the_document_is_served_and_no_other() {
    let service = Service::start().await;
    let document = service.get("/v1/openapi.json").await.json(200);
    assert_eq!(document, openapi());
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f");
        for method in ["get", "post", "put", "delete", "patch"] {
            let answer = service.client().send(&method.to_uppercase(), &path, None).await;
            let is_served = answer.status != 405;
            assert_eq!(
                is_served,
                methods.get(method).is_some(),
                "{method} {path}: {}",
                answer.status
            );
            if !is_served {
                assert_eq!(answer.refused(405).0, "method");
            }
        }
    }
    for path in ["/v1", "/v1/submission", "/v2/run", "/v1/run/"] {
        assert_eq!(service.get(path).await.refused(404).0, "not_found", "{path}");
    }
    service.stop().await;
}

/// Every example of a body: the address to send it to, its name and the body.
fn examples(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let route = &methods["post"];
        let parameters = route["parameters"].as_array();
        let waits = parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "wait"));
        let address = format!("{path}{}", if waits { "?wait=50" } else { "" });
        let body = &route["requestBody"]["content"]["application/json"];
        for (name, example) in body["examples"].as_object().into_iter().flatten() {
            found.push((address.clone(), name.clone(), example["value"].clone()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_document_is_accepted() {
    let service = Service::start().await;
    let document = openapi();
    let examples = examples(&document);
    let written = document.to_string().matches("\"examples\":{\"").count();
    let shown: BTreeSet<_> = examples.iter().map(|(address, _name, _body)| address).collect();
    assert_eq!(shown.len(), written, "each is that of a body: {shown:?}");
    for (address, name, body) in &examples {
        let told = service.post(address, body).await.json_of(&[200, 201, 202]);
        for one in told.as_array().unwrap_or(&vec![told.clone()]) {
            let is_taken = match one["test_set"].is_string() {
                true => one["tests"].as_u64() > Some(0),
                false => one["status"] == "OK" || one["state"] == "done",
            };
            assert!(is_taken, "{address} {name}: {one:#}");
        }
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_can_be_asked_for() {
    let service = Service::start().await;
    let languages = service.get("/v1/languages").await.json(200);
    conforms("Languages", &languages);
    assert!(
        languages
            .as_array()
            .unwrap()
            .iter()
            .any(|language| language["default"] == true)
    );
    let problems = service.get("/v1/problems").await.json(200);
    conforms("ProblemList", &problems);
    assert!(problems["problems"].as_array().unwrap().contains(&json!("sum")));
    let problem = service.get("/v1/problems/sum").await.json(200);
    conforms("ProblemInfo", &problem);
    assert_eq!((&problem["id"], &problem["scoring"]), (&json!("sum"), &json!(false)));
    for missing in ["none", "..", ".hidden", "%2e%2e%2fsum"] {
        assert_eq!(
            service.get(&format!("/v1/problems/{missing}")).await.refused(404).0,
            "not_found"
        );
    }
    let status = service.get("/v1/status").await.json(200);
    conforms("ServiceStatus", &status);
    assert_eq!((&status["standalone"], &status["slots"]), (&json!(true), &json!(1)));
    assert_eq!(service.get("/healthz").await.status, 200);
    service.stop().await;
}
