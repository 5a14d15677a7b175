//! Whether the places that problems come from are there.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::config::ProblemSettings;

/// A directory of problems that cannot be read.
#[derive(Debug, Error)]
#[error(
    "cannot read problems.directory = {}: {source}; \
     create it, mount it into the worker's container, or name another one", path.display()
)]
pub struct ProblemDirectoryError {
    /// The setting.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Looks at the directory of problems, and says what is there. Where problems come from an object storage, too, there may
/// be none.
///
/// # Errors
/// When it cannot be read, and there is no other source.
pub async fn examine_problems(settings: &ProblemSettings) -> Result<String, ProblemDirectoryError> {
    match tokio::fs::read_dir(&settings.directory).await {
        Ok(_entries) => Ok(format!("{} can be read", settings.directory.display())),
        Err(_) if !settings.url.is_empty() => Ok("no directory, only the object storage".to_owned()),
        Err(source) => Err(ProblemDirectoryError {
            path: settings.directory.clone(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_directory_must_be_there_unless_problems_come_from_elsewhere() {
        let there = tempfile::tempdir().expect("a directory");
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut settings = crate::config::load(None).expect("the defaults are right").problems;
        for (directory, url, is_usable) in [
            (there.path().to_owned(), "", true),
            (there.path().join("missing"), "", false),
            (file.path().to_owned(), "", false),
            (there.path().join("missing"), "https://storage.example/problems", true),
        ] {
            settings.directory = directory;
            settings.url = url.to_owned();
            assert_eq!(examine_problems(&settings).await.is_ok(), is_usable, "{settings:?}");
        }
    }
}
