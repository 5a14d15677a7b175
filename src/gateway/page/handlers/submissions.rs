//! The list of submissions, with filters.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::contract::{Verdict, since_1970};
use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::records::Cursor;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::words::Listed;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::store::{LOOKED_AT, PAGE_ROWS, SubmissionFilter, SubmissionList};

/// What is asked for, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::gateway::page) struct Asked {
    state: String,
    problem: String,
    language: String,
    site: String,
    before: String,
}

#[derive(Template)]
#[template(path = "submissions.html")]
struct SubmissionsPage {
    shell: Shell,
    rows: Vec<Listed>,
    asked: Asked,
    states: Vec<&'static str>,
    languages: Vec<String>,
    sees_all: bool,
    is_filtered: bool,
    /// The address of what is older.
    older: Option<String>,
    /// Fewer are shown than fit, since only so many are looked at.
    is_partial: bool,
    looked_at: i64,
}

/// `GET /page/submissions`.
pub(in crate::gateway::page) async fn list(
    State(api): State<Api>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let sees_all = visitor.site.may(Scope::ReadAll);
    let site = if sees_all {
        word(&asked.site)
    } else {
        Some(visitor.site.name.to_string())
    };
    let filter = SubmissionFilter {
        site,
        problem: word(&asked.problem),
        language: word(&asked.language),
        state: word(&asked.state),
        before: cursor_of(&asked.before),
        rows: PAGE_ROWS,
    };
    let SubmissionList { rows, older } = api.records.submissions(filter).await?;
    Ok(rendered(&SubmissionsPage {
        shell: Shell::new(&api, &visitor, "/page/submissions", "Submissions"),
        is_partial: older.is_some() && !is_full(&rows),
        looked_at: LOOKED_AT,
        older: older.map(|place| asked.older_than(&written(place))),
        rows: rows.iter().map(Listed::from).collect(),
        is_filtered: [&asked.state, &asked.problem, &asked.language, &asked.site]
            .iter()
            .any(|word| !word.is_empty()),
        asked,
        states: states(),
        languages: api.languages.keys().cloned().collect(),
        sees_all,
    }))
}

impl Asked {
    fn older_than(&self, before: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let words = [
            ("state", self.state.as_str()),
            ("problem", &self.problem),
            ("language", &self.language),
            ("site", &self.site),
            ("before", before),
        ];
        for (name, word) in words.into_iter().filter(|(_name, word)| !word.is_empty()) {
            query.append_pair(name, word);
        }
        format!("/page/submissions?{}", query.finish())
    }
}

/// Every state that a submission can be filtered by.
fn states() -> Vec<&'static str> {
    let verdicts = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Sk);
    ["waiting", "running", "rejected", "OK"]
        .into_iter()
        .chain(verdicts.map(Verdict::code))
        .collect()
}

fn word(asked: &str) -> Option<String> {
    Some(asked.trim()).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Behind the last of these rows, where more may follow, as it stands in an address.
pub(super) fn place_after<T>(rows: &[T], place: impl FnOnce(&T) -> Cursor) -> Option<String> {
    rows.last().filter(|_last| is_full(rows)).map(place).map(written)
}

fn is_full<T>(rows: &[T]) -> bool {
    i64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE_ROWS)
}

fn written((at, id): Cursor) -> String {
    format!("{at}_{id}")
}

/// The place again. What is none begins at the newest.
pub(super) fn cursor_of(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('_')?;
    let at = since_1970(at.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}
