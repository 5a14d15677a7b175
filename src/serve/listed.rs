//! A page of the submissions that a standalone service remembers.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::contract::{
    Answer, Cursor, Metadata, Submission, SubmissionFilter, SubmissionPage, SubmissionSummary, Target, metadata_pairs,
    metadata_user,
};
use crate::gateway::{Entry, Outcome};

/// What a list says of a submission, beside how far it has come.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) accepted_at: Timestamp,
    pub(super) language: String,
    pub(super) problem: Option<String>,
    /// What its program is called.
    pub(super) file: Option<String>,
    metadata: Metadata,
}

impl Listed {
    pub(super) fn of(submission: &Submission, accepted_at: Timestamp) -> Self {
        let problem = match &submission.target {
            Target::Problem(problem) => Some(problem.id.clone()),
            _ => None,
        };
        Self {
            // To the microsecond, like a cursor.
            accepted_at: Timestamp::from_microsecond(accepted_at.as_microsecond()).unwrap_or(accepted_at),
            language: submission.language.clone(),
            problem,
            file: submission.program_name().map(str::to_owned),
            metadata: submission.metadata.clone(),
        }
    }

    /// The user whom its metadata name.
    pub(super) fn user(&self) -> Option<Cow<'_, str>> {
        metadata_user(&self.metadata)
    }

    /// What it takes up, as JSON.
    pub(super) fn bytes(&self) -> usize {
        serde_json::to_vec(&self.metadata).map_or(0, |json| json.len())
    }

    fn holds(&self, pairs: &[String]) -> bool {
        let held = if pairs.is_empty() {
            Vec::new()
        } else {
            metadata_pairs(&self.metadata)
        };
        pairs.iter().all(|pair| held.contains(pair))
    }
}

/// A page of what is wanted of these, the newest first.
pub(super) fn page<'a>(
    known: impl Iterator<Item = (&'a Entry, &'a Listed)>,
    filter: &SubmissionFilter,
) -> SubmissionPage {
    let mut found: Vec<_> = known
        .map(|(entry, listed)| {
            let (accepted_at, id) = (listed.accepted_at, entry.id);
            (Cursor { accepted_at, id }, entry, listed)
        })
        .filter(|(place, entry, listed)| {
            let (state, outcome) = entry.stage_and_outcome();
            filter.wants(&entry.site, listed.problem.as_deref(), *place)
                && filter.wants_outcome(state, outcome.as_deref().and_then(Outcome::answer).map(Answer::code))
                && listed.holds(&filter.pairs)
        })
        .collect();
    found.sort_unstable_by_key(|(place, ..)| std::cmp::Reverse(*place));
    let has_more = found.len() > filter.limit;
    found.truncate(filter.limit);
    SubmissionPage {
        next: found
            .last()
            .filter(|_last| has_more)
            .map(|(place, ..)| place.to_string()),
        submissions: found
            .into_iter()
            .map(|(_, entry, listed)| summary(entry, listed))
            .collect(),
    }
}

fn summary(entry: &Entry, listed: &Listed) -> SubmissionSummary {
    let (state, outcome) = entry.stage_and_outcome();
    let answer = outcome.as_deref().and_then(Outcome::answer);
    SubmissionSummary {
        id: entry.id,
        site: entry.site.to_string(),
        state,
        accepted_at: listed.accepted_at,
        language: Some(listed.language.clone()),
        problem: listed.problem.clone(),
        verdict: answer.map(|answer| answer.code().to_owned()),
        score: answer.and_then(Answer::score),
        metadata: listed.metadata.clone(),
    }
}
