//! `assize token`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use strum::VariantArray as _;

use crate::cli::{Failure, print};
use crate::config::ServeSettings;
use crate::gateway::{Scope, TokenFileError, new_token, read_tokens, revoke};
use crate::webhook::CallbackKey;

/// Make, list and revoke the tokens of sites that use the HTTP service
///
/// A token is shown once, when it is made. The file keeps its SHA-256 only. A service reads the file anew within seconds.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize token new course-site --scope run --scope submit --scope read --file tokens
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
    },
    /// List sites and scopes
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
            Command::New { name, scope } => make(&file, &name, &scope),
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

fn make(file: &Path, name: &str, scopes: &[String]) -> Result<ExitCode, Failure> {
    let parsed = scopes
        .iter()
        .map(|scope| scope.parse::<Scope>().map_err(Failure::usage));
    let scopes: Vec<Scope> = parsed.collect::<Result<_, _>>()?;
    let made = new_token(file, name, scopes).map_err(failure)?;
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
        print::text(&format!("{}  {}", record.name, scopes.join(",")))?;
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
