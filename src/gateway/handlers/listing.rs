//! Submissions of a site, page by page.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use jiff::Timestamp;

use crate::contract::{RunStatus, Stage, SubmissionFilter, SubmissionPage, Verdict, metadata_pair, since_1970};
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::nearest::did_you_mean;

/// Submissions of one page, at most.
pub(in crate::gateway) const MOST_OF_A_PAGE: usize = 100;

/// Submissions of one page, where `limit` is not given.
const PAGE: usize = 50;

/// What a query may name.
const PARAMETERS: [&str; 9] = [
    "problem",
    "state",
    "verdict",
    "metadata[KEY]",
    "since",
    "until",
    "site",
    "limit",
    "cursor",
];
/// How far the submissions of a list can have come.
pub(in crate::gateway) const LISTED_STAGES: [&str; 4] = ["queued", "running", "done", "rejected"];

/// Longest value of a parameter, in bytes.
const LONGEST: usize = 512;

/// Values of the metadata that one request may name.
const PAIRS: usize = 16;

/// `GET /v1/submissions`.
pub(in crate::gateway) async fn list(
    State(api): State<Api>,
    site: Site,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Json<SubmissionPage>, Refusal> {
    site.require(Scope::Read)?;
    let filter = filter_of(&site, &parameters, PAGE)?;
    Ok(Json(api.engine.list(filter).await?))
}

/// What a query asks for, among what the site may see; `limit` is that of a query that names none.
pub(super) fn filter_of(
    site: &Site,
    parameters: &[(String, String)],
    limit: usize,
) -> Result<SubmissionFilter, Refusal> {
    let mut filter = SubmissionFilter {
        limit,
        ..SubmissionFilter::default()
    };
    for (index, (name, value)) in parameters.iter().enumerate() {
        let is_twice = parameters[..index].iter().any(|(before, _)| before == name);
        let read = match value.len() <= LONGEST && !is_twice {
            true => read(&mut filter, name, value),
            false => Err(format!("is given once, with at most {LONGEST} bytes")),
        };
        read.map_err(|complaint| wrong(name, complaint))?;
    }
    if filter.pairs.len() > PAIRS {
        return Err(wrong("metadata", format!("names more than {PAIRS} values")));
    }
    if site.may(Scope::ReadAll) {
        return Ok(filter);
    }
    match filter.site.replace(site.name.to_string()) {
        Some(other) if *other != *site.name => {
            let detail = format!(
                "{} may not read submissions of {other:?}; that needs read-all",
                site.name
            );
            Err(Refusal::new(StatusCode::FORBIDDEN, "forbidden", detail))
        }
        _ => Ok(filter),
    }
}

fn read(filter: &mut SubmissionFilter, name: &str, value: &str) -> Result<(), String> {
    let time = || -> Result<Timestamp, String> {
        let read = value.parse().ok().and_then(since_1970);
        read.ok_or_else(|| format!("{value:?} is no time since 1970 such as 2026-01-31T12:00:00Z"))
    };
    match name {
        "site" => filter.site = Some(value.to_owned()),
        "problem" => filter.problem = Some(value.to_owned()),
        "state" => filter.state = Some(stage_of(value)?),
        "verdict" => filter.verdict = Some(code_of(value)?),
        "since" => filter.since = Some(time()?),
        "until" => filter.until = Some(time()?),
        "cursor" => filter.after = Some(value.parse().map_err(|complaint| format!("{value:?} {complaint}"))?),
        "limit" => {
            let limit = value.parse().ok().filter(|limit| (1..=MOST_OF_A_PAGE).contains(limit));
            filter.limit = limit.ok_or_else(|| format!("{value:?} is no number from 1 to {MOST_OF_A_PAGE}"))?;
        }
        _ => {
            let key = name.strip_prefix("metadata[").and_then(|rest| rest.strip_suffix(']'));
            let unknown = || {
                let meant = did_you_mean(name, PARAMETERS);
                format!("is unknown{meant}; known are {}", PARAMETERS.join(", "))
            };
            filter.pairs.push(metadata_pair(key.ok_or_else(unknown)?, value));
        }
    }
    Ok(())
}

fn stage_of(word: &str) -> Result<Stage, String> {
    match word {
        "queued" => Ok(Stage::Queued),
        "running" => Ok(Stage::Running),
        "done" => Ok(Stage::Done),
        "rejected" => Ok(Stage::Rejected),
        _ => Err(format!("{word:?} is none of {}", LISTED_STAGES.join(", "))),
    }
}

/// A verdict that a submission can have; `SK` is one of tests only.
fn code_of(word: &str) -> Result<String, String> {
    let verdicts = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Sk);
    let mut codes: Vec<&str> = verdicts.map(Verdict::code).collect();
    codes.push(RunStatus::Ok.code());
    match codes.contains(&word) {
        true => Ok(word.to_owned()),
        false => Err(format!("{word:?} is none of {}", codes.join(", "))),
    }
}

/// A parameter that is wrong.
pub(in crate::gateway) fn wrong(parameter: &str, complaint: impl std::fmt::Display) -> Refusal {
    let detail = format!("the parameter {parameter:.60} {complaint}");
    let mut refusal = Refusal::new(StatusCode::BAD_REQUEST, "schema", detail);
    refusal.name_field(Some(parameter.chars().take(60).collect()));
    refusal
}
