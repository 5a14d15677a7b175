//! `assize schema`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cli::{Failure, print};
use crate::contract::{Document, schema_of};
use crate::gateway::openapi;

/// Print the JSON Schemas of the messages, or the OpenAPI document of the HTTP service
///
/// One schema (draft 2020-12), or all of them in one object under their names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize schema submission > submission.json
  assize schema | jq '.verdict.properties | keys'")]
pub(super) struct Schema {
    /// Which message
    message: Option<Message>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Message {
    Submission,
    Verdict,
    Result,
    Progress,
    Rejection,
    Security,
    Cancel,
    /// The HTTP service, as an OpenAPI document
    Openapi,
}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.message {
            Some(message) => match message.document() {
                Some(document) => print::json(&schema_of(document))?,
                None => print::json(&openapi())?,
            },
            None => {
                let all: serde_json::Map<_, _> = Document::ALL
                    .into_iter()
                    .map(|document| (document.name().to_owned(), schema_of(document).to_value()))
                    .collect();
                print::json(&all)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Message {
    /// `None`: the OpenAPI document.
    fn document(self) -> Option<Document> {
        Some(match self {
            Self::Submission => Document::Submission,
            Self::Verdict => Document::Verdict,
            Self::Result => Document::Result,
            Self::Progress => Document::Progress,
            Self::Rejection => Document::Rejection,
            Self::Security => Document::Security,
            Self::Cancel => Document::Cancel,
            Self::Openapi => return None,
        })
    }
}
