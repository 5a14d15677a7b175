//! The list of submissions, with filters.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::contract::{Verdict, since_1970};
use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::records::Cursor;
use crate::gateway::page::views::list_address::Asked;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission_rows::SubmissionRows;
use crate::gateway::page::views::words::State as Shown;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::store::{LOOKED_AT, PAGE_ROWS, SubmissionFilter, SubmissionList};

#[derive(Template)]
#[template(path = "submissions.html")]
struct SubmissionsPage {
    shell: Shell,
    table: SubmissionRows,
    asked: Asked,
    states: Vec<Shown>,
    languages: Vec<String>,
    has_sites: bool,
    /// The address of what is older.
    older: Option<String>,
    /// The address of the beginning, unless this is it.
    newest: Option<String>,
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
    let filter = filter_of(&asked, &visitor.site);
    let SubmissionList { rows, older } = api.records.submissions(filter).await?;
    let has_sites = sees_sites(&api, &visitor.site);
    Ok(rendered(&SubmissionsPage {
        shell: Shell::new(&api, &visitor, "/page/submissions", "Submissions"),
        is_partial: older.is_some() && !is_full(&rows),
        looked_at: LOOKED_AT,
        older: older.map(|place| asked.behind(&written(place))),
        newest: (!asked.before.is_empty() && !rows.is_empty()).then(|| asked.newest()),
        table: SubmissionRows::of(&rows, &asked, has_sites),
        asked,
        states: states(),
        languages: api.languages.keys().cloned().collect(),
        has_sites,
    }))
}

/// What a site may see of what is asked for.
fn filter_of(asked: &Asked, site: &Site) -> SubmissionFilter {
    SubmissionFilter {
        site: match site.may(Scope::ReadAll) {
            true => word(&asked.site),
            false => Some(site.name.to_string()),
        },
        problem: word(&asked.problem),
        user: word(&asked.user),
        language: word(&asked.language),
        state: word(&asked.state),
        before: cursor_of(&asked.before),
        rows: PAGE_ROWS,
    }
}

/// Whether a list says which sites its submissions are from: there may be several, and all are seen.
pub(super) fn sees_sites(api: &Api, site: &Site) -> bool {
    api.tokens().are_needed() && site.may(Scope::ReadAll)
}

/// Every state that a submission can be filtered by.
fn states() -> Vec<Shown> {
    let verdicts = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Sk);
    let codes = verdicts.map(Verdict::code);
    let all = codes.chain(["OK", "waiting", "running", "rejected"]);
    all.map(Shown::of).collect()
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
