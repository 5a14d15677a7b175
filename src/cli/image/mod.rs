//! `assize image`
//!
//! ```text
//! requirements -> base (looked at in a box) -> wheels (pip, on the host) -> image (Docker) -> imports (in a box)
//!                                              `-> lock                                       `-> settings
//! ```

mod base;
mod build;
mod imports;
mod in_box;
mod made;
mod name;
mod replace;
mod settings;
mod wheels;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::Failure;
use crate::config::{JudgingSettings, SubmissionSettings};

/// Build images of boxes with more Python libraries
#[derive(Debug, Args)]
pub(super) struct Image {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Build(build::Build),
}

impl Image {
    pub(super) fn run(self, judging: &JudgingSettings, accepted: &SubmissionSettings) -> Result<ExitCode, Failure> {
        match self.action {
            Action::Build(build) => build.run(judging, accepted),
        }
    }
}
