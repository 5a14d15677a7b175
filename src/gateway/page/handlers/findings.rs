//! Security findings, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::contract::SecuritySeverity;
use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submissions::{cursor_of, place_after};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::words::{State as Shown, moment};
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::store::FindingRow;

/// Severities of findings, the highest first.
const SEVERITIES: [SecuritySeverity; 3] = [
    SecuritySeverity::Alert,
    SecuritySeverity::Warning,
    SecuritySeverity::Notice,
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
    severity: String,
    severities: Vec<&'static str>,
    older: Option<String>,
}

#[derive(Debug)]
struct Finding {
    at: String,
    submission: String,
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
    let known = SEVERITIES
        .into_iter()
        .find(|severity| severity.name() == asked.severity);
    let severity = known.map(|severity| severity.name().to_owned());
    let rows = api.records.findings(severity.clone(), cursor_of(&asked.before)).await?;
    let severity = severity.unwrap_or_default();
    let older = place_after(&rows, |row| (row.at, row.id)).map(|place| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("severity", &severity)
            .append_pair("before", &place)
            .finish();
        format!("/page/findings?{query}")
    });
    Ok(rendered(&FindingsPage {
        shell: Shell::new(&api, &visitor, "/page/findings", "Security findings"),
        rows: rows.into_iter().map(Finding::from).collect(),
        severity,
        severities: SEVERITIES.iter().map(|severity| severity.name()).collect(),
        older,
    }))
}

impl From<FindingRow> for Finding {
    fn from(row: FindingRow) -> Self {
        Self {
            at: moment(row.at),
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
