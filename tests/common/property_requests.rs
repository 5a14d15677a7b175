//! Requests that schemathesis makes up from the `OpenAPI` document: none meets a fault of the service, and each is answered
//! as the document says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::python_environment::{python_with, text};

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/property_requests");

const REQUIREMENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/common/property_requests/requirements.txt"
);

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

const CHECKS: &str = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance";

/// A service that is asked.
pub(crate) struct PropertyRequests {
    pub(crate) address: String,
    /// A token of every scope.
    pub(crate) token: String,
    /// Requests of one operation that are made up at random, beside those at the bounds of each field.
    pub(crate) random: u32,
}

impl PropertyRequests {
    /// Asks, always the same; the operations that were never served.
    pub(crate) fn are_answered_as_the_document_says(&self) -> BTreeSet<String> {
        let python = python_with("property-requests", &[REQUIREMENTS]);
        let directory = tempfile::tempdir().unwrap();
        let report = directory.path().join("report.json");
        let output = self.run(&python, directory.path(), &report);
        assert!(output.status.success(), "{}", text(&output));
        let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
        assert_eq!(report["complete"], true, "{}", text(&output));
        assert_eq!(report["operations"]["tested"], operations(), "{}", text(&output));
        never_served(&report)
    }

    fn run(&self, python: &Path, directory: &Path, report: &Path) -> Output {
        let config = format!("{DIRECTORY}/schemathesis.toml");
        let mut command = Command::new(python.with_file_name("schemathesis"));
        command
            .current_dir(directory)
            .args(["--no-color", "--config-file", &config, "run", DOCUMENT])
            .args(["--url", &format!("http://{}", self.address)])
            .args(["--header", &format!("Authorization: Bearer {}", self.token)])
            .args(["--checks", CHECKS, "--continue-on-failure", "--max-failures", "30"])
            .args(["--phases", "examples,coverage,fuzzing,stateful"])
            .args(["--seed", "1", "--generation-database", "none", "--max-examples"])
            .arg(self.random.to_string())
            .args(["--suppress-health-check", "all", "--request-timeout", "90"])
            .args(["--report", "json", "--report-json-path"])
            .arg(report)
            .env("NO_PROXY", "*")
            .env("ASSIZE_URL", format!("http://{}", self.address))
            .env("ASSIZE_TOKEN", &self.token)
            .env("SCHEMATHESIS_HOOKS", format!("{DIRECTORY}/hooks.py"));
        command.output().unwrap()
    }
}

/// How many operations the document has.
fn operations() -> usize {
    let document: Value = serde_json::from_str(&fs::read_to_string(DOCUMENT).unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    paths.map(|methods| methods.as_object().unwrap().len()).sum()
}

/// Operations of which each request was refused.
fn never_served(report: &Value) -> BTreeSet<String> {
    let rates = report["valid_rates"].as_object().unwrap().iter();
    let is_refused = |phases: &Value| phases.as_object().unwrap().values().all(|phase| phase["accepted"] == 0);
    rates
        .filter(|(_operation, phases)| is_refused(phases))
        .map(|(operation, _phases)| operation.clone())
        .collect()
}
