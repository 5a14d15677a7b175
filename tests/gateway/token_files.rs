//! Files of tokens, made as people make them.

use std::process::{Command, Output};

use tempfile::TempDir;

use crate::logged;

/// A file of tokens.
pub(crate) struct Tokens(TempDir);

impl Tokens {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.0.path().join("tokens")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_assize"))
            .arg("token")
            .args(arguments)
            .arg("--file")
            .arg(self.path())
            .output()
            .unwrap()
    }

    /// Makes one.
    pub(crate) fn token(&self, name: &str, scopes: &[&str]) -> String {
        self.token_with(name, scopes, &[])
    }

    /// Makes one of a site with quotas of its own.
    pub(crate) fn token_with(&self, name: &str, scopes: &[&str], quotas: &[&str]) -> String {
        let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]);
        let quotas = quotas.iter().flat_map(|quota| ["--quota", quota]);
        let output = self.command(
            &["new", name]
                .into_iter()
                .chain(scopes)
                .chain(quotas)
                .collect::<Vec<_>>(),
        );
        assert!(output.status.success(), "{output:?}");
        let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        logged::keep_out(&secret);
        secret
    }
}
