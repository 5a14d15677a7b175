//! Progress on a terminal, and silence elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::plain::harmless;
use crate::contract::Progress;

/// A line that shows how far judging has come.
#[derive(Debug)]
pub(super) struct Live {
    bar: ProgressBar,
}

impl Live {
    /// Nothing is shown when standard error is no terminal, or when `quiet`.
    pub(super) fn start(message: &str, quiet: bool) -> Self {
        let bar = if quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}  {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(harmless(message));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// A test has finished.
    pub(super) fn show(&self, progress: &Progress) {
        self.bar.set_length(progress.tests);
        self.bar.set_position(progress.finished);
        self.bar
            .set_message(harmless(&format!("{} {}", progress.verdict, progress.test)));
    }

    /// So many of so many.
    pub(super) fn count(&self, finished: usize, of: usize, message: &str) {
        self.bar.set_length(of as u64);
        self.bar.set_position(finished as u64);
        self.bar.set_message(harmless(message));
    }

    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}
