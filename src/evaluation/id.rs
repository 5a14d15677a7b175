//! Ids of tasks, which data sets write as text or as numbers, under several names.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::contract::{Data, document};
use crate::evaluation::line_error::{FieldError, LineError};

/// The ids that a row may have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ids {
    task_id: Option<Data>,
    question_id: Option<Data>,
    problem_id: Option<Data>,
    id: Option<Data>,
    /// The id of CodeContests. Rows of other data sets have names that are none.
    name: Option<Data>,
    public_tests: Option<IgnoredAny>,
    private_tests: Option<IgnoredAny>,
    generated_tests: Option<IgnoredAny>,
}

impl Ids {
    /// Of a candidate, which has nothing but its task to name.
    pub(super) fn of_candidate(&self) -> Result<Option<String>, LineError> {
        match self.chosen()? {
            None => self.named(),
            chosen => Ok(chosen),
        }
    }

    /// Of a task.
    pub(super) fn of_task(&self) -> Result<Option<String>, LineError> {
        let contests = [&self.public_tests, &self.private_tests, &self.generated_tests];
        match self.chosen()? {
            None if contests.iter().any(|tests| tests.is_some()) => self.named(),
            chosen => Ok(chosen),
        }
    }

    fn named(&self) -> Result<Option<String>, LineError> {
        let given = self.name.as_ref().filter(|data| data.json() != "null");
        given.map(|data| text_of("name", data)).transpose()
    }

    /// The first of them that is given; an error where it is neither text nor a number.
    fn chosen(&self) -> Result<Option<String>, LineError> {
        let given = [
            ("task_id", &self.task_id),
            ("question_id", &self.question_id),
            ("problem_id", &self.problem_id),
            ("id", &self.id),
        ];
        let is_given = |data: &&Data| data.json() != "null";
        let first = given
            .into_iter()
            .find_map(|(name, data)| Some((name, data.as_ref().filter(is_given)?)));
        first.map(|(name, data)| text_of(name, data)).transpose()
    }
}

fn text_of(name: &'static str, data: &Data) -> Result<String, LineError> {
    let json = data.json();
    match json.bytes().next() {
        Some(b'"') => document(json.as_bytes()).map_err(|error| FieldError::from(error).of(name)),
        Some(b'0'..=b'9' | b'-') => Ok(json.to_owned()),
        _ => Err(LineError::content(name, "is neither text nor a number")),
    }
}
