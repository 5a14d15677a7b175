//! `assize schema`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cli::Failure;
use crate::contract::{Document, schema_of};

/// Prints the JSON Schema (draft 2020-12) of one message, or of all in one object.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Which message
    message: Option<Message>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Message {
    Submission,
    Verdict,
    Progress,
    Rejection,
}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let json = match self.message {
            Some(message) => serde_json::to_string_pretty(&schema_of(message.into())),
            None => {
                let all: serde_json::Map<_, _> = Document::ALL
                    .into_iter()
                    .map(|document| (document.name().to_owned(), schema_of(document).to_value()))
                    .collect();
                serde_json::to_string_pretty(&all)
            }
        };
        anstream::println!("{}", json.map_err(Failure::ours)?);
        Ok(ExitCode::SUCCESS)
    }
}

impl From<Message> for Document {
    fn from(message: Message) -> Self {
        match message {
            Message::Submission => Self::Submission,
            Message::Verdict => Self::Verdict,
            Message::Progress => Self::Progress,
            Message::Rejection => Self::Rejection,
        }
    }
}
