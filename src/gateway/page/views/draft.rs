//! A program as the form of the playground holds it, so that it can be changed and handed in.

use crate::contract::{FileMessage, ShownProgram};
use crate::gateway::page::views::visible::is_shown;
use crate::store::SubmissionRow;

/// What the form holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::gateway::page) struct Draft {
    pub(in crate::gateway::page) source: String,
    /// What the program is called; empty for the usual name.
    pub(in crate::gateway::page) name: String,
    pub(in crate::gateway::page) language: String,
    /// The problem that it is judged against; empty where it is only run.
    pub(in crate::gateway::page) problem: String,
    pub(in crate::gateway::page) stdin: String,
}

impl Draft {
    /// Of a submission, if the form can hold it as it is: one file and one input at most, of nothing but text that is seen.
    pub(in crate::gateway::page) fn of(row: &SubmissionRow, program: &ShownProgram) -> Option<Self> {
        let ([file], inputs) = (&program.files[..], &program.inputs[..]) else {
            return None;
        };
        let stdin = match inputs {
            [] => String::new(),
            [input] => text_of(input)?,
            _ => return None,
        };
        Some(Self {
            source: text_of(file)?,
            name: file.name.clone(),
            language: row.language.clone().unwrap_or_default(),
            problem: row.problem.clone().unwrap_or_default(),
            stdin,
        })
    }
}

fn text_of(file: &FileMessage) -> Option<String> {
    file.content.clone().filter(|text| text.chars().all(is_shown))
}
