//! `assize schema`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cli::{Failure, print};
use crate::contract::{Document, schema_of};

/// Print the JSON Schemas of the messages
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
}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.message {
            Some(message) => print::json(&schema_of(message.into()))?,
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

impl From<Message> for Document {
    fn from(message: Message) -> Self {
        match message {
            Message::Submission => Self::Submission,
            Message::Verdict => Self::Verdict,
            Message::Result => Self::Result,
            Message::Progress => Self::Progress,
            Message::Rejection => Self::Rejection,
            Message::Security => Self::Security,
            Message::Cancel => Self::Cancel,
        }
    }
}
