//! The `OpenAPI` document: it is the published one, and what is sent obeys it.

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

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_document_is_accepted() {
    let service = Service::start().await;
    let document = openapi();
    let mut shown = 0;
    for path in ["/v1/run", "/v1/submissions"] {
        let body = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        for (name, example) in body["examples"].as_object().unwrap() {
            let answer = service.post(&format!("{path}?wait=50"), &example["value"]).await;
            assert!(matches!(answer.status, 200 | 202), "{path} {name}: {answer:?}");
            let told = answer.json(answer.status);
            for one in told.as_array().unwrap_or(&vec![told.clone()]) {
                assert!(
                    one["status"] == "OK" || one["state"] == "done",
                    "{path} {name}: {one:#}"
                );
            }
            shown += 1;
        }
    }
    assert_eq!(shown, 6);
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
