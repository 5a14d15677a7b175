//! The options that every command has.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;
use crate::config::{self, JudgingSettings, Settings};
use crate::sandbox::BoxedError;
use crate::{sandbox, telemetry};

const GLOBAL: &str = "Global options";

/// Log lines of a command for people: what they need to know of RabbitMQ stands in its error.
const QUIET: &str = "warn,lapin=off";

/// Where the settings come from, and what is logged.
#[derive(Debug, Args)]
pub struct Global {
    /// Settings in TOML; what it does not name keeps its default
    #[arg(long, global = true, value_name = "FILE", env = "ASSIZE_CONFIG", hide_env_values = true, help_heading = GLOBAL)]
    config: Option<PathBuf>,

    /// Which log lines are written to standard error, such as `info,assize=debug`
    #[arg(long, global = true, value_name = "FILTER", help_heading = GLOBAL)]
    log_filter: Option<String>,
}

impl Global {
    /// Loads the settings and starts logging. Commands for people are `quiet` about what a worker would log.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn prepare(&self, quiet: bool) -> Result<Settings, Failure> {
        let file = self.config.as_deref();
        let mut settings = config::load(file).map_err(Failure::usage)?;
        check(&settings.log.filter, &settings.judging())
            .map_err(|(key, source)| Failure::usage(config::wrong_setting(file, &key, source)))?;
        match &self.log_filter {
            Some(filter) => settings.log.filter.clone_from(filter),
            None if quiet && settings.log.filter == "info" => QUIET.clone_into(&mut settings.log.filter),
            None => {}
        }
        telemetry::start(&settings.log).map_err(Failure::usage)?;
        Ok(settings)
    }
}

/// Checks of settings that other rooms make: the setting that cannot be used, and why.
fn check(log_filter: &str, judging: &JudgingSettings) -> Result<(), (String, BoxedError)> {
    telemetry::check_filter(log_filter).map_err(|error| ("log.filter".to_owned(), error.into()))?;
    sandbox::check_settings(&judging.sandbox, judging.environments()).map_err(|wrong| (wrong.key, wrong.source))
}
