//! Submissions, many at a time: which are wanted, and a page of them.

use std::borrow::Cow;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::contract::{Metadata, Stage};

/// The key under which the metadata name the user of a site who handed a submission in.
const USER: &str = "user";

/// Longest `KEY=VALUE` of the metadata by which a submission is found, in bytes.
const LONGEST_PAIR: usize = 256;

/// A submission in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionSummary {
    /// Its id.
    pub id: Uuid,
    /// The site that handed it in.
    pub site: String,
    /// How far it has come.
    pub state: Stage,
    /// When it was handed in.
    pub accepted_at: Timestamp,
    /// Its language, where that is known still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The problem that it is judged against, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Code of its verdict, such as `AC`; `OK` of a program that was only run and ended well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Its score, where the problem gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Free data of the submission.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

/// Some submissions, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionPage {
    /// The submissions. There may be fewer than were asked for, or none, although others follow.
    pub submissions: Vec<SubmissionSummary>,
    /// The `cursor` of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Submissions of a problem that are judged once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemRejudgeAccepted {
    /// Id of the problem.
    pub problem: String,
    /// The request: the new verdicts name it in `rejudge`. Until then those before are shown.
    pub rejudge: Uuid,
    /// How many submissions are judged once more by this call.
    pub submissions: u64,
    /// How many are not, since their programs are not kept any longer, or not so that this version can read them.
    pub not_kept: u64,
    /// Those that could not be sent now. Where none could, the call is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_sent: Vec<Uuid>,
    /// Why one of them was not sent, and what to do about all of them; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_sent_reason: Option<String>,
    /// The `cursor` of the call that goes on; absent when there are no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which submissions are wanted. What is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmissionFilter {
    /// The site that handed them in.
    pub site: Option<String>,
    /// The problem.
    pub problem: Option<String>,
    /// How far they have come.
    pub state: Option<Stage>,
    /// Code of their verdicts.
    pub verdict: Option<String>,
    /// What their metadata hold, as [`metadata_pairs`] writes it.
    pub pairs: Vec<String>,
    /// When they were handed in, or later.
    pub since: Option<Timestamp>,
    /// Before when they were handed in.
    pub until: Option<Timestamp>,
    /// The last submission of the page before.
    pub after: Option<Cursor>,
    /// Submissions of one page.
    pub limit: usize,
}

/// A time at which something can have been handed in. Nothing is older, and a database does not know every year of a long
/// time ago.
pub fn since_1970(at: Timestamp) -> Option<Timestamp> {
    (at >= Timestamp::UNIX_EPOCH).then_some(at)
}

/// A place in the list, behind a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it was handed in, to the microsecond.
    pub accepted_at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.accepted_at.as_microsecond(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (microseconds, id) = text.split_once('.')?;
            let accepted_at = Timestamp::from_microsecond(microseconds.parse().ok()?).ok()?;
            let accepted_at = since_1970(accepted_at)?;
            let id = Uuid::parse_str(id).ok()?;
            Some(Self { accepted_at, id })
        };
        read().ok_or("is none; give next of the page before as it is")
    }
}

impl SubmissionFilter {
    /// Whether submissions with this state and this verdict are wanted.
    pub fn wants_outcome(&self, state: Stage, verdict: Option<&str>) -> bool {
        self.state.is_none_or(|wanted| wanted == state)
            && self.verdict.as_deref().is_none_or(|code| verdict == Some(code))
    }

    /// Whether a submission of this site and problem, handed in then, is wanted and comes behind the cursor.
    pub fn wants(&self, site: &str, problem: Option<&str>, place: Cursor) -> bool {
        let at = place.accepted_at;
        self.site.as_deref().is_none_or(|wanted| wanted == site)
            && self.problem.as_deref().is_none_or(|wanted| problem == Some(wanted))
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at < until)
            && self.after.is_none_or(|after| place < after)
    }
}

/// `KEY=VALUE` of each text, number and truth value at the top of the metadata that is short enough to be found by.
pub fn metadata_pairs(metadata: &Metadata) -> Vec<String> {
    let pairs = metadata
        .iter()
        .filter_map(|(key, value)| Some(metadata_pair(key, &text_of(value)?)));
    pairs.filter(|pair| pair.len() <= LONGEST_PAIR).collect()
}

/// A text, number or truth value as text.
fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The user of a site who handed a submission in, if its metadata name one by whom it can be found.
pub fn metadata_user(metadata: &Metadata) -> Option<Cow<'_, str>> {
    let user = text_of(metadata.get(USER)?)?;
    let is_found = !user.is_empty() && user_pair(&user).len() <= LONGEST_PAIR;
    is_found.then_some(user)
}

/// What the metadata hold of submissions that this user handed in, as [`metadata_pairs`] writes it.
pub fn user_pair(user: &str) -> String {
    metadata_pair(USER, user)
}

/// A value of the metadata with its key.
pub fn metadata_pair(key: &str, value: &str) -> String {
    format!("{key}={value}")
}
