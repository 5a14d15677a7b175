//! `assize config`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::broker::redacted;
use crate::cli::{Failure, print};
use crate::config::{DEFAULTS, Settings};

/// Show the settings, or check them
///
/// Settings are the defaults, then the file of --config, then the environment, each over the one before:
/// ASSIZE__SECTION__KEY, and ASSIZE__SECTION__KEY_FILE for broker.url, broker.urls, store.url and problems.url,
/// which can hold passwords. Lists are words between commas, or TOML arrays.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize config check
  assize --config /etc/assize.toml config show
  ASSIZE__WORKER__SLOTS=2 assize config show
  ASSIZE__STORE__URL_FILE=/run/secrets/database assize config check
  assize config show --defaults > assize.toml")]
pub(super) struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say whether the settings can be used; exit code 0 when they can, else 2
    Check,
    /// Print the settings that hold, as TOML, without passwords
    Show {
        /// Print the defaults instead, with a comment for each
        #[arg(long)]
        defaults: bool,
    },
}

impl Config {
    pub(super) fn run(self, settings: impl FnOnce() -> Result<Settings, Failure>) -> Result<ExitCode, Failure> {
        match self.action {
            Action::Check => {
                settings()?;
                print::text("the settings can be used")?;
            }
            // They are shown also where the settings of the caller are wrong.
            Action::Show { defaults: true } => print::text(DEFAULTS.trim_end())?,
            Action::Show { defaults: false } => print::text(shown(settings()?)?.trim_end())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn shown(mut settings: Settings) -> Result<String, Failure> {
    let urls = [
        &mut settings.broker.url,
        &mut settings.store.url,
        &mut settings.problems.url,
    ];
    for url in urls.into_iter().chain(&mut settings.broker.urls) {
        *url = redacted(url);
    }
    toml::to_string(&settings).map_err(Failure::ours)
}
