//! A progress line on a terminal; elsewhere nothing is shown.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::output::escape::escape;
use crate::contract::Progress;

/// A line that shows how far judging has come.
#[derive(Debug)]
pub struct ProgressLine {
    bar: ProgressBar,
}

impl ProgressLine {
    /// Nothing is shown when standard error is no terminal, or when `quiet`.
    pub fn start(message: &str, quiet: bool) -> Self {
        let bar = if quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        set_template(&bar, "{spinner} {msg}  {elapsed}");
        bar.set_message(escape(message));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// A test has finished, or another stage has begun.
    pub fn show(&self, progress: &Progress) {
        if let Some(stage) = progress.stage {
            self.bar.set_message(stage.name());
            return;
        }
        let message = format!("{} {}", progress.verdict, progress.test);
        self.move_to(progress.finished, progress.tests, &message);
    }

    /// So many of so many.
    pub fn count(&self, finished: usize, of: usize, message: &str) {
        self.move_to(finished as u64, of as u64, message);
    }

    /// The next part of something long, without a known end. It is printed where there is no terminal, too.
    pub fn part(&self, message: &str) {
        if self.bar.is_hidden() {
            anstream::eprintln!("{}", escape(message));
        }
        set_template(&self.bar, "{spinner} {msg}  {elapsed}");
        self.bar.set_message(escape(message));
    }

    /// From now on it is known how far it is to the end, so there is a bar.
    fn move_to(&self, finished: u64, of: u64, message: &str) {
        set_template(&self.bar, "{spinner} {msg} {wide_bar} {pos}/{len}  {elapsed}");
        self.bar.set_length(of);
        self.bar.set_position(finished);
        self.bar.set_message(escape(message));
    }

    /// Takes the line away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

fn set_template(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
