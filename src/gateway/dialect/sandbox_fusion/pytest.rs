//! `POST /run_code` with the language `pytest`: tests are run, over a program among the files or beside them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::Value;

use crate::contract::{FileMessage, Judgement, SubmissionRequest, Verdict};
use crate::gateway::dialect::base64_text;
use crate::gateway::dialect::sandbox_fusion::exec_info::{Ended, exec_info};
use crate::gateway::dialect::sandbox_fusion::tests::TEST_MODULE;
use crate::gateway::refusal::Refusal;

/// What clients call it.
pub(super) const PYTEST: &str = "pytest";

/// Exit codes of pytest: all tests have passed, or some have not.
const PASSED: i32 = 0;
const FAILED: i32 = 1;

/// Name of the program of tests that bring none: they test what is in their own module.
const NOTHING: &str = "no_program.py";

/// The tests with the program, which is the module among the files that is none of tests.
pub(super) fn translate(code: String, files: BTreeMap<String, Option<String>>) -> Result<SubmissionRequest, Refusal> {
    let mut tests = BTreeMap::from([(TEST_MODULE.to_owned(), code)]);
    let mut program = Vec::new();
    for (name, content) in files.into_iter().filter_map(|(name, content)| Some((name, content?))) {
        if is_of_program(&name) {
            program.push(FileMessage {
                name,
                content: None,
                content_base64: Some(content),
            });
        } else {
            let text = text_of(&name, &content)?;
            tests.insert(name, text);
        }
    }
    if program.is_empty() {
        program.push(FileMessage {
            name: NOTHING.to_owned(),
            content: Some(String::new()),
            content_base64: None,
        });
    }
    Ok(SubmissionRequest {
        files: Some(program),
        pytest: Some(tests),
        ..SubmissionRequest::default()
    })
}

fn text_of(name: &str, content: &str) -> Result<String, Refusal> {
    let bytes = base64_text::decode(content).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
        let detail = "is no text in base64, which files beside tests have to be";
        let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", detail);
        refusal.name_field(Some(format!("files.{name}")));
        refusal
    })
}

fn is_of_program(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let is_of_tests = base.starts_with("test_") || base.ends_with("_test.py") || base == "conftest.py";
    base.ends_with(".py") && !is_of_tests
}

/// The answer of a program that prints the outcomes of pytest.
pub(super) fn answer(judgement: &Judgement) -> Value {
    let stdout: Vec<String> = judgement
        .tests
        .iter()
        .map(|test| {
            let outcome = match test.verdict {
                Verdict::Ac => "PASSED",
                Verdict::Sk => "SKIPPED",
                _ => "FAILED",
            };
            format!("{} {outcome}\n", test.name)
        })
        .collect();
    let failures = judgement.tests.iter().filter_map(|test| {
        let message = test.checker_message.as_deref().or(test.message.as_deref())?;
        Some(format!("{}: {message}\n", test.name))
    });
    let stderr: String = judgement.message.iter().cloned().chain(failures).collect();
    let passed = matches!(judgement.verdict, Verdict::Ac | Verdict::Sk);
    let ended = Ended {
        verdict: judgement.verdict,
        exit_code: Some(if passed { PASSED } else { FAILED }),
        signal: None,
        wall_ms: judgement.tests.iter().map(|test| test.wall_ms).sum(),
        cpu_ms: judgement.totals.cpu_ms,
        message: judgement.message.as_deref(),
    };
    exec_info(ended, &stdout.concat(), &stderr)
}
