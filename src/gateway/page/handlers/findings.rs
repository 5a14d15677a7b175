//! Security findings, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::contract::SecuritySeverity::{self, Alert, Notice, Warning};
use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submissions::{cursor_of, place_after};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission_rows::short;
use crate::gateway::page::views::words::{State as Shown, moment};
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::store::FindingRow;

/// Severities that can be chosen, by the word of the address. The first ones are shown where none is: a notice is what
/// beginners cause too, such as a time limit that was exceeded.
const CHOICES: [(&str, &[SecuritySeverity]); 5] = [
    ("", &[Alert, Warning]),
    ("alert", &[Alert]),
    ("warning", &[Warning]),
    ("notice", &[Notice]),
    ("all", &[Alert, Warning, Notice]),
];

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(in crate::gateway::page) struct Asked {
    severity: String,
    before: String,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    shell: Shell,
    rows: Vec<Finding>,
    chosen: &'static str,
    choices: Vec<(&'static str, &'static str)>,
    older: Option<String>,
}

#[derive(Debug)]
struct Finding {
    at: String,
    submission: String,
    short: String,
    severity: String,
    kind: String,
    source: String,
    tests: i64,
    detail: String,
    state: Shown,
    problem: String,
    worker: String,
}

/// `GET /page/findings`.
pub(in crate::gateway::page) async fn list(
    State(api): State<Api>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::ReadAll)?;
    let known = CHOICES.into_iter().find(|(word, _)| *word == asked.severity);
    let [usual, ..] = CHOICES;
    let (chosen, severities) = known.unwrap_or(usual);
    let rows = api.records.findings(severities, cursor_of(&asked.before)).await?;
    let older = place_after(&rows, |row| (row.at, row.id)).map(|place| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("severity", chosen)
            .append_pair("before", &place)
            .finish();
        format!("/page/findings?{query}")
    });
    Ok(rendered(&FindingsPage {
        shell: Shell::new(&api, &visitor, "/page/findings", "Security findings"),
        rows: rows.into_iter().map(Finding::from).collect(),
        chosen,
        choices: CHOICES.iter().map(|(word, _)| (*word, name_of(word))).collect(),
        older,
    }))
}

/// What a choice is called on the page.
fn name_of(word: &'static str) -> &'static str {
    match word {
        "" => "alert and warning",
        "notice" => "notice: beginners do this",
        word => word,
    }
}

impl From<FindingRow> for Finding {
    fn from(row: FindingRow) -> Self {
        Self {
            at: moment(row.at),
            short: short(&row.submission.to_string()),
            submission: row.submission.to_string(),
            severity: row.severity,
            kind: row.kind.replace('_', " "),
            source: row.source,
            tests: row.tests,
            detail: row.detail,
            state: Shown::of(&row.verdict),
            problem: row.problem.unwrap_or_default(),
            worker: row.worker,
        }
    }
}
