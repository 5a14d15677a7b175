//! `POST /submit`, `POST /common_evaluate` and `POST /common_evaluate_batch`: the answer of a language model is judged while
//! the client waits.

use std::mem;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::{Answer, Data, Judgement, SubmissionRequest, Verdict, read_as};
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::hand_in::{answer_of, check_length, no_answer, wait_for_turn};
use crate::gateway::dialect::lenient::{Number, Switch, Text};
use crate::gateway::dialect::sandbox_fusion::exec_info::{Ended, exec_info, not_compiled};
use crate::gateway::dialect::sandbox_fusion::extract::extract;
use crate::gateway::dialect::sandbox_fusion::program::program;
use crate::gateway::dialect::sandbox_fusion::row::{PROVIDED_DATA, RowId, row_of};
use crate::gateway::dialect::sandbox_fusion::tests::{Tests, prompt_of, tests_of};
use crate::gateway::dialect::sandbox_fusion::{PYTHON, language_of, limits_of};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Numbers may differ by so much of their size, as SandboxFusion has it.
const TOLERANCE: &str = "1e-5";

/// How long a program may run where nothing is said, in seconds, as for SandboxFusion and ScaleBox.
const USUAL_TIMEOUT: f64 = 20.0;

/// An answer with its tests. What is not named here is passed over.
#[derive(Debug, Clone, Deserialize)]
struct Evaluate {
    #[serde(default)]
    id: RowId,
    completion: String,
    config: EvaluateConfig,
}

#[derive(Debug, Clone, Deserialize)]
struct EvaluateConfig {
    language: Option<String>,
    #[serde(default)]
    run_timeout: Number,
    provided_data: Option<Data>,
    /// Python code that finds the program in the answer.
    #[serde(default)]
    custom_extract_logic: Text,
    #[serde(default)]
    extra: EvaluateExtra,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EvaluateExtra {
    run_all_cases: Switch,
    /// Whether the answer is a whole program, and nothing that goes on with the prompt of its row.
    is_freeform: Switch,
    /// A program that decides about each output, for ScaleBox.
    special_judge_program: Text,
}

/// An answer that is to be judged. It is all that is held while the client waits.
#[derive(Debug)]
struct Asked {
    id: RowId,
    code: String,
    kind: &'static str,
    tests: Tests,
    request: SubmissionRequest,
}

impl Asked {
    /// How much of it is kept until there is an answer, with nothing of the request.
    fn kept_bytes(&self) -> usize {
        self.code.len() + self.tests.shown_bytes()
    }
}

pub(super) async fn evaluate(State(api): State<Api>, site: Site, request: Request) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Submit)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let own = api.clone();
    let (body, mut asked) = body.read(move |bytes| read_answer(&own, bytes)).await?;
    let request = mem::take(&mut asked.request);
    let kept = asked.kept_bytes();
    let outcome = wait_for_turn(&api, &site, request, (body.into_share(), kept)).await;
    let outcome = outcome.map_err(about_row)?;
    let Answer::Verdict(judgement) = answer_of(&outcome)? else {
        return Err(no_answer("the program was run instead of judged"));
    };
    Ok(Json(answer(&asked, judgement)))
}

/// The answer with its tests, and without rows of other programs.
fn read_answer(api: &Api, body: &[u8]) -> Result<Asked, Refusal> {
    let Evaluate { id, completion, config } = read_as(body)?;
    check_length(api, completion.len())?;
    refuse_what_is_not_done(&config)?;
    let row = row_of(config.provided_data.as_ref(), &id, api.caps.message_bytes)?;
    let tests = tests_of(&row)?;
    let (prompt, is_freeform) = (prompt_of(&row), config.extra.is_freeform.is_on());
    let extracted = extract(&completion, prompt.is_some() && !is_freeform);
    let source = program(extracted, prompt.as_ref(), is_freeform, &tests);
    Ok(Asked {
        request: translate(api, &config, source, &tests)?,
        id,
        code: extracted.code.to_owned(),
        kind: extracted.kind,
        tests: tests.shown(),
    })
}

/// Tests that cannot be judged are those of the row.
fn about_row(mut refusal: Refusal) -> Refusal {
    if refusal.field().is_some_and(|field| field.starts_with("tests[")) {
        refusal.name_field(Some(PROVIDED_DATA.to_owned()));
    }
    refusal
}

/// Another program would be judged, or it would be judged otherwise.
fn refuse_what_is_not_done(config: &EvaluateConfig) -> Result<(), Refusal> {
    let refused = [
        (
            "config.custom_extract_logic",
            &config.custom_extract_logic,
            "is not supported here; code that finds the program is not run: send the program alone",
        ),
        (
            "config.extra.special_judge_program",
            &config.extra.special_judge_program,
            "is not supported here; outputs are compared: a problem package may bring an output validator",
        ),
    ];
    match refused.into_iter().find(|(_field, code, _why)| code.is_given()) {
        None => Ok(()),
        Some((field, _code, why)) => {
            let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", why);
            refusal.name_field(Some(field.to_owned()));
            Err(refusal)
        }
    }
}

fn translate(api: &Api, config: &EvaluateConfig, source: String, tests: &Tests) -> Result<SubmissionRequest, Refusal> {
    let language = config.language.as_deref().unwrap_or(PYTHON);
    let mut request = SubmissionRequest {
        language: Some(language_of(api, language)?),
        source: Some(source),
        limits: limits_of(config.run_timeout, USUAL_TIMEOUT, Number::default()),
        stop_on_first_failure: Some(!config.extra.run_all_cases.is_on()),
        ..SubmissionRequest::default()
    };
    tests.clone().put_into(&mut request, TOLERANCE);
    Ok(request)
}

fn answer(asked: &Asked, judgement: &Judgement) -> Value {
    json!({
        "id": asked.id,
        "accepted": judgement.verdict == Verdict::Ac,
        "extracted_code": asked.code,
        "extracted_type": asked.kind,
        "full_code": null,
        "test_code": null,
        "extra": null,
        "tests": run_tests(judgement, &asked.tests),
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
