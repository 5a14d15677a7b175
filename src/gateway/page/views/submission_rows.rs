//! A table of submissions, the newest first.

use askama::Template;

use crate::gateway::page::views::list_address::Asked;
use crate::gateway::page::views::words::{State, moment, seconds, size};
use crate::store::SubmissionRow;

/// A table of submissions.
#[derive(Template)]
#[template(path = "submission_rows.html")]
pub(in crate::gateway::page) struct SubmissionRows {
    rows: Vec<Listed>,
    /// Whether it says which site handed a submission in.
    has_sites: bool,
    is_filtered: bool,
    /// Where the list begins, unless this is its beginning.
    newest: Option<String>,
}

/// A submission in a list.
#[derive(Debug, Clone)]
pub(in crate::gateway::page) struct Listed {
    pub(in crate::gateway::page) id: String,
    /// The end of the id, which tells submissions of one moment apart.
    pub(in crate::gateway::page) short: String,
    pub(in crate::gateway::page) at: String,
    pub(in crate::gateway::page) site: String,
    pub(in crate::gateway::page) problem: String,
    pub(in crate::gateway::page) user: String,
    pub(in crate::gateway::page) file: String,
    pub(in crate::gateway::page) language: String,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) score: String,
    /// CPU time of its slowest test.
    pub(in crate::gateway::page) time: String,
    /// Memory of its hungriest test.
    pub(in crate::gateway::page) memory: String,
    /// Others for its problem.
    pub(in crate::gateway::page) of_problem: String,
    /// Others of its user.
    pub(in crate::gateway::page) of_user: String,
}

impl SubmissionRows {
    /// Of a list that is asked for so.
    pub(in crate::gateway::page) fn of(rows: &[SubmissionRow], asked: &Asked, has_sites: bool) -> Self {
        Self {
            rows: rows.iter().map(|row| Listed::of(row, asked)).collect(),
            has_sites,
            is_filtered: asked.is_filter(),
            newest: (!asked.before.is_empty()).then(|| asked.newest()),
        }
    }
}

impl Listed {
    /// With links that keep what is asked for.
    pub(in crate::gateway::page) fn of(row: &SubmissionRow, asked: &Asked) -> Self {
        let id = row.id.to_string();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (problem, user) = (text(&row.problem), text(&row.details.user));
        // What is there of one that is tried again is of the try before.
        let has_answer = !matches!(row.state.as_str(), "waiting" | "running" | "rejected");
        let used = |figure: Option<u64>, shown: fn(u64) -> String| figure.filter(|_figure| has_answer).map(shown);
        Self {
            short: short(&id),
            id,
            at: moment(row.at),
            site: text(&row.site),
            of_problem: asked.of_problem(&problem),
            of_user: asked.of_user(&user),
            problem,
            user,
            file: text(&row.details.file),
            language: text(&row.language),
            state: State::of(&row.state),
            score: row.score.map(|score| score.to_string()).unwrap_or_default(),
            time: used(row.details.cpu_ms, seconds).unwrap_or_default(),
            memory: used(row.details.memory_bytes, size).unwrap_or_default(),
        }
    }
}

/// The end of an id.
pub(in crate::gateway::page) fn short(id: &str) -> String {
    let characters = id.char_indices().rev();
    let start = characters.map(|(at, _character)| at).nth(SHORT - 1).unwrap_or(0);
    format!("…{}", &id[start..])
}

/// Characters of an id in a list.
const SHORT: usize = 8;
