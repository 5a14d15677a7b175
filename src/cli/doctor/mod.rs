//! `assize doctor`

mod attacks;
mod host;
mod inside;
mod passwords;
mod sandbox;

use std::process::ExitCode;

use clap::Args;
use comfy_table::{Cell, Color};

use crate::cli::table::{self, Column};
use crate::cli::{Failure, print, runtime};
use crate::config::{JudgingSettings, Settings};
use crate::sandbox::{Check, CheckState};
use attacks::AttackOptions;

/// Check whether this host can be trusted with the programs of strangers
///
/// It looks at the sandbox backend, its environments, the kernel and the passwords of the services, starts a box, and says what
/// to do about what it does not like.
/// With --attack it runs the programs that attack a judge, under the settings that hold here.
///
/// The exit code is 0 when nothing fails, warnings or not; 1 when a check fails or an attack succeeds; 3 when the doctor
/// itself failed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize doctor
  assize doctor --attack
  assize doctor --attack --thorough --report attacks.json
  assize doctor --attack --only network/")]
pub(super) struct Doctor {
    /// Attack the judge, and watch from outside what comes of it
    #[arg(long)]
    attack: bool,

    #[command(flatten)]
    options: AttackOptions,

    /// Print the checks as JSON, and nothing else
    #[arg(long, conflicts_with = "attack")]
    json: bool,
}

impl Doctor {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        runtime()?.block_on(async {
            if self.attack {
                self.options.run(&settings.judging()).await
            } else {
                let passwords = passwords::check(&settings.broker, &settings.store);
                self.check(&settings.judging(), passwords).await
            }
        })
    }

    async fn check(&self, settings: &JudgingSettings, passwords: Check) -> Result<ExitCode, Failure> {
        let mut found = sandbox::checks(settings).await;
        found.extend(host::checks(&settings.sandbox, settings.worker.slots));
        found.push(passwords);
        if self.json {
            print::json(&found)?;
        } else {
            print::text(&shown(&found, print::width()))?;
        }
        Ok(match count(&found, CheckState::Fail) {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        })
    }
}

fn count(checks: &[Check], state: CheckState) -> usize {
    checks.iter().filter(|check| check.state == state).count()
}

fn shown(checks: &[Check], width: u16) -> String {
    let columns = [
        Column::Word("check"),
        Column::Word(""),
        Column::Text("found"),
        Column::Note("what to do"),
    ];
    let rows: Vec<_> = checks
        .iter()
        .map(|check| {
            let (word, color) = match check.state {
                CheckState::Ok => ("ok", Color::Green),
                CheckState::Warn => ("warn", Color::Yellow),
                CheckState::Fail => ("FAIL", Color::Red),
            };
            vec![
                Cell::new(check.check),
                Cell::new(word).fg(color),
                table::text(&check.found),
                table::text(check.remedy.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    let (warned, failed) = (count(checks, CheckState::Warn), count(checks, CheckState::Fail));
    let summary = match (failed, warned) {
        (0, 0) => "This host is fit to judge.".to_owned(),
        (0, 1) => "This host is fit to judge; one thing could be better.".to_owned(),
        (0, warned) => format!("This host is fit to judge; {warned} things could be better."),
        (1, _) => "This host is not fit to judge: one check failed.".to_owned(),
        (failed, _) => format!("This host is not fit to judge: {failed} checks failed."),
    };
    let table = table::render_tall(&columns, &rows, width);
    format!("{table}\n\n{summary}")
}
