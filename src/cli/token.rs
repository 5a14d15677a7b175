//! `assize token`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use strum::VariantArray as _;

use crate::cli::{Failure, print};
use crate::config::{Quota, ServeSettings};
use crate::gateway::{Scope, TokenFileError, new_token, read_quota, read_tokens, revoke};
use crate::webhook::CallbackKey;

/// Make, list and revoke the tokens of sites that use the HTTP service
///
/// A token is shown once, when it is made. The file keeps its SHA-256 only. A service reads the file anew within seconds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize token new course-site --scope run --scope submit --scope read --file tokens
  assize token new trainer --scope submit --quota max_in_flight=2000 --quota cpu_seconds_per_hour=36000
  assize token list --file tokens
  assize token revoke course-site --file tokens")]
pub(super) struct Token {
    #[command(subcommand)]
    command: Command,

    /// File of tokens [default: serve.token_file of the settings]
    #[arg(long, value_name = "FILE", global = true)]
    file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a token for a site, and print it
    New {
        /// Name of the site
        name: String,

        /// What it may do; can be given several times
        #[arg(long, required = true, value_parser = PossibleValuesParser::new(Scope::VARIANTS.iter().map(|scope| scope.name())))]
        scope: Vec<String>,

        /// How much the site may use, instead of what serve.NAME allows every site: requests_per_second,
        /// submissions_per_second, max_in_flight or cpu_seconds_per_hour, 0 for any number; can be given several times
        #[arg(long, value_name = "NAME=NUMBER", value_parser = read_quota)]
        quota: Vec<(Quota, u32)>,
    },
    /// List sites, scopes and quotas
    List,
    /// Print the secret with which callbacks to a site are signed
    CallbackSecret {
        /// Name of the site; local, for a service without tokens
        name: String,
    },
    /// Revoke the token of a site
    Revoke {
        /// Name of the site
        name: String,
    },
}

impl Token {
    pub(super) fn run(self, settings: &ServeSettings) -> Result<ExitCode, Failure> {
        if let Command::CallbackSecret { name } = &self.command {
            return callback_secret(&settings.callback_key_file, name);
        }
        let file = self.file.unwrap_or_else(|| settings.token_file.clone());
        if file.as_os_str().is_empty() {
            return Err(Failure::usage(anyhow!(
                "no file of tokens is named; give --file, or set serve.token_file"
            )));
        }
        match self.command {
            Command::New { name, scope, quota } => make(&file, &name, &scope, quota),
            Command::List => list(&file),
            Command::CallbackSecret { name } => callback_secret(&settings.callback_key_file, &name),
            Command::Revoke { name } => match revoke(&file, &name).map_err(failure)? {
                true => Ok(ExitCode::SUCCESS),
                false => Err(Failure::usage(anyhow!(
                    "there is no token of {name:?}; assize token list shows all"
                ))),
            },
        }
    }
}

fn make(file: &Path, name: &str, scopes: &[String], quotas: Vec<(Quota, u32)>) -> Result<ExitCode, Failure> {
    let parsed = scopes
        .iter()
        .map(|scope| scope.parse::<Scope>().map_err(Failure::usage));
    let scopes: Vec<Scope> = parsed.collect::<Result<_, _>>()?;
    let made = new_token(file, name, scopes, quotas.into_iter().collect()).map_err(failure)?;
    print::text(&made.secret)?;
    Ok(ExitCode::SUCCESS)
}

fn list(file: &Path) -> Result<ExitCode, Failure> {
    // Where a token is made, or none is left, the file need not be there.
    if !file.exists() {
        return Err(Failure::usage(anyhow!(
            "there is no token file {}; assize token new makes one",
            file.display()
        )));
    }
    for record in read_tokens(file).map_err(failure)? {
        let scopes: Vec<&str> = record.scopes.iter().map(|scope| scope.name()).collect();
        let mut line = format!("{}  {}", record.name, scopes.join(","));
        for (quota, number) in &record.quotas {
            line.push_str(&format!("  {}={number}", quota.name()));
        }
        print::text(&line)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn callback_secret(key_file: &Path, site: &str) -> Result<ExitCode, Failure> {
    if key_file.as_os_str().is_empty() {
        return Err(Failure::usage(anyhow!(
            "there is no key to sign callbacks with; set serve.callback_key_file"
        )));
    }
    let key = CallbackKey::read(key_file).map_err(Failure::ours)?;
    print::text(&key.secret_of(site).text())?;
    Ok(ExitCode::SUCCESS)
}

fn failure(error: TokenFileError) -> Failure {
    match error {
        TokenFileError::Name(_) => Failure::usage(error),
        _ => Failure::ours(error),
    }
}
