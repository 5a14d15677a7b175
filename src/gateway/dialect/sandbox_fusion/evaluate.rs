//! `POST /submit` and `POST /common_evaluate_batch`: the answer of a language model is judged while the client waits.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::{Answer, Judgement, SubmissionRequest, Verdict, read_as};
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::hand_in::{answer_of, check_length, no_answer, wait_for};
use crate::gateway::dialect::lenient::Number;
use crate::gateway::dialect::sandbox_fusion::cases::PROVIDED_DATA;
use crate::gateway::dialect::sandbox_fusion::exec_info::{Ended, exec_info, not_compiled};
use crate::gateway::dialect::sandbox_fusion::extract::{Extracted, extract};
use crate::gateway::dialect::sandbox_fusion::tests::{Tests, tests_of};
use crate::gateway::dialect::sandbox_fusion::{PYTHON, language_of, limits_of};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Numbers may differ by so much of their size, as SandboxFusion has it.
const TOLERANCE: &str = "1e-5";

/// An answer with its tests. What is not named here is passed over.
#[derive(Debug, Clone, Deserialize)]
struct Evaluate {
    #[serde(default)]
    id: Value,
    completion: String,
    config: EvaluateConfig,
}

#[derive(Debug, Clone, Deserialize)]
struct EvaluateConfig {
    language: Option<String>,
    #[serde(default)]
    run_timeout: Number,
    #[serde(default)]
    provided_data: Value,
    /// Python code that finds the program in the answer.
    custom_extract_logic: Option<String>,
    #[serde(default)]
    extra: EvaluateExtra,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EvaluateExtra {
    run_all_cases: bool,
}

pub(super) async fn evaluate(State(api): State<Api>, site: Site, request: Request) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Submit)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let own = api.clone();
    let (body, (asked, tests)) = body.read(move |bytes| read_answer(&own, bytes)).await?;
    let Evaluate { id, completion, config } = asked;
    drop(body);
    let extracted = extract(&completion);
    let request = translate(&api, &config, extracted.code, &tests)?;
    let outcome = wait_for(&api, &site, request).await.map_err(about_row)?;
    let Answer::Verdict(judgement) = answer_of(&outcome)? else {
        return Err(no_answer("the program was run instead of judged"));
    };
    Ok(Json(answer(&id, extracted, judgement, &tests)))
}

/// The answer with its tests. What is waited for holds no rows of other programs.
fn read_answer(api: &Api, body: &[u8]) -> Result<(Evaluate, Tests), Refusal> {
    let mut asked: Evaluate = read_as(body)?;
    check_length(api, asked.completion.len())?;
    refuse_other_extraction(&asked.config)?;
    let tests = tests_of(&asked.config.provided_data.take(), &asked.id)?;
    Ok((asked, tests))
}

/// Tests that cannot be judged are those of the row.
fn about_row(mut refusal: Refusal) -> Refusal {
    if refusal.field().is_some_and(|field| field.starts_with("tests[")) {
        refusal.name_field(Some(PROVIDED_DATA.to_owned()));
    }
    refusal
}

/// Another program would be judged.
fn refuse_other_extraction(config: &EvaluateConfig) -> Result<(), Refusal> {
    let logic = config.custom_extract_logic.as_deref().unwrap_or_default();
    if logic.trim().is_empty() {
        return Ok(());
    }
    let detail = "is not supported here: code that finds the program is not run; send the program alone";
    let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", detail);
    refusal.name_field(Some("config.custom_extract_logic".to_owned()));
    Err(refusal)
}

fn translate(api: &Api, config: &EvaluateConfig, code: &str, tests: &Tests) -> Result<SubmissionRequest, Refusal> {
    let language = config.language.as_deref().unwrap_or(PYTHON);
    let mut request = SubmissionRequest {
        language: Some(language_of(api, language)?),
        source: Some(code.to_owned()),
        limits: limits_of(config.run_timeout, Number::default()),
        stop_on_first_failure: Some(!config.extra.run_all_cases),
        ..SubmissionRequest::default()
    };
    tests.clone().put_into(&mut request, TOLERANCE);
    Ok(request)
}

fn answer(id: &Value, extracted: Extracted<'_>, judgement: &Judgement, tests: &Tests) -> Value {
    json!({
        "id": id,
        "accepted": judgement.verdict == Verdict::Ac,
        "extracted_code": extracted.code,
        "extracted_type": extracted.kind,
        "full_code": null,
        "test_code": null,
        "extra": null,
        "tests": run_tests(judgement, tests),
    })
}

/// The tests that were run. Of a program that does not compile the first stands for all, so that none is taken for passed.
fn run_tests(judgement: &Judgement, tests: &Tests) -> Vec<Value> {
    let message = judgement.message.as_deref().unwrap_or_default();
    if judgement.verdict == Verdict::Ce {
        return vec![json!({ "passed": false, "exec_info": not_compiled(message), "test_info": tests.info(0) })];
    }
    let run = judgement
        .tests
        .iter()
        .enumerate()
        .filter(|(_index, test)| test.verdict != Verdict::Sk);
    run.map(|(index, test)| {
        json!({
            "passed": test.verdict == Verdict::Ac,
            "exec_info": exec_info(Ended::from(test), &test.stdout.text, &test.stderr.text),
            "test_info": tests.info(index),
        })
    })
    .collect()
}
