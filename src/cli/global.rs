//! The options that every command has.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;
use crate::config::{self, Settings};
use crate::telemetry;

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
        let mut settings = config::load(self.config.as_deref()).map_err(Failure::usage)?;
        match &self.log_filter {
            Some(filter) => settings.log.filter.clone_from(filter),
            None if quiet && settings.log.filter == "info" => QUIET.clone_into(&mut settings.log.filter),
            None => {}
        }
        telemetry::start(&settings.log).map_err(Failure::usage)?;
        Ok(settings)
    }
}
