//! The JSON Schemas of the documents, made from their types.

use schemars::{Schema, schema_for};

use crate::contract::{Judgement, Progress, Rejection, SubmissionMessage};

/// A document of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// `assize.submission.v1`.
    Submission,
    /// `assize.verdict.v1`.
    Verdict,
    /// `assize.progress.v1`.
    Progress,
    /// `assize.rejection.v1`.
    Rejection,
}

impl Document {
    /// Every document.
    pub const ALL: [Self; 4] = [Self::Submission, Self::Verdict, Self::Progress, Self::Rejection];

    /// The word that stands for it on a command line and in a file name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Verdict => "verdict",
            Self::Progress => "progress",
            Self::Rejection => "rejection",
        }
    }
}

/// JSON Schema (draft 2020-12) of a document.
pub fn schema_of(document: Document) -> Schema {
    match document {
        Document::Submission => schema_for!(SubmissionMessage),
        Document::Verdict => schema_for!(Judgement),
        Document::Progress => schema_for!(Progress),
        Document::Rejection => schema_for!(Rejection),
    }
}
