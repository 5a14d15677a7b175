//! Files of tokens, made as people make them.

use std::process::{Command, Output};

use tempfile::TempDir;

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
        let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]);
        let output = self.command(&["new", name].into_iter().chain(scopes).collect::<Vec<_>>());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
