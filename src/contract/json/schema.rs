//! The JSON Schemas of the documents, made from their types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::contract::{Cancel, Judgement, Progress, Rejection, RunResult, SecurityEvent, SubmissionMessage};

/// A document of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// `assize.submission.v1`.
    Submission,
    /// `assize.verdict.v1`.
    Verdict,
    /// `assize.result.v1`.
    Result,
    /// `assize.progress.v1`.
    Progress,
    /// `assize.rejection.v1`.
    Rejection,
    /// `assize.security.v1`.
    Security,
    /// `assize.cancel.v1`.
    Cancel,
}

impl Document {
    /// Every document.
    pub const ALL: [Self; 7] = [
        Self::Submission,
        Self::Verdict,
        Self::Result,
        Self::Progress,
        Self::Rejection,
        Self::Security,
        Self::Cancel,
    ];

    /// The word that stands for it on a command line and in a file name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Verdict => "verdict",
            Self::Result => "result",
            Self::Progress => "progress",
            Self::Rejection => "rejection",
            Self::Security => "security",
            Self::Cancel => "cancel",
        }
    }
}

/// JSON Schema (draft 2020-12) of a document: of a submission and a cancellation what is accepted, of the others what is sent.
pub fn schema_of(document: Document) -> Schema {
    match document {
        Document::Submission => schema::<SubmissionMessage>(SchemaSettings::draft2020_12().for_deserialize()),
        Document::Verdict => schema::<Judgement>(SchemaSettings::draft2020_12().for_serialize()),
        Document::Result => schema::<RunResult>(SchemaSettings::draft2020_12().for_serialize()),
        Document::Progress => schema::<Progress>(SchemaSettings::draft2020_12().for_serialize()),
        Document::Rejection => schema::<Rejection>(SchemaSettings::draft2020_12().for_serialize()),
        Document::Cancel => schema::<Cancel>(SchemaSettings::draft2020_12().for_deserialize()),
        Document::Security => schema::<SecurityEvent>(SchemaSettings::draft2020_12().for_serialize()),
    }
}

fn schema<T: JsonSchema>(settings: SchemaSettings) -> Schema {
    settings.into_generator().into_root_schema_for::<T>()
}
