//! The files of a submission, from a file or a directory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::config::Settings;
use crate::contract::SourceFile;

/// What is no part of a program.
const IGNORED: [&str; 2] = ["__pycache__", "node_modules"];

/// Reads one file, or every file below a directory that is neither hidden nor a symbolic link.
///
/// # Errors
/// Names the file that cannot be read, or the limit that is exceeded.
pub(super) fn read(path: &Path, settings: &Settings) -> anyhow::Result<Vec<SourceFile>> {
    let kind = fs::metadata(path).with_context(|| format!("cannot read the submission {}", path.display()))?;
    let found = if kind.is_dir() {
        below(path)?
    } else {
        vec![path.to_owned()]
    };
    let root = if kind.is_dir() {
        path
    } else {
        path.parent().unwrap_or(Path::new(""))
    };
    if found.is_empty() {
        bail!("the directory {} holds no file to judge", path.display());
    }
    if found.len() > settings.submission.max_files {
        bail!(
            "{} holds {} files, at most {} are allowed",
            path.display(),
            found.len(),
            settings.submission.max_files
        );
    }
    found.iter().map(|file| source(root, file, settings)).collect()
}

fn source(root: &Path, file: &Path, settings: &Settings) -> anyhow::Result<SourceFile> {
    let most = settings.submission.max_source_bytes as u64;
    let size = fs::metadata(file)
        .with_context(|| format!("cannot read {}", file.display()))?
        .len();
    if size > most {
        bail!(
            "{} has {size} bytes, at most {most} are allowed (submission.max_source_bytes)",
            file.display()
        );
    }
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.strip_prefix(root).unwrap_or(file);
    let name = name
        .to_str()
        .with_context(|| format!("the name of {} is no UTF-8", file.display()))?;
    Ok(SourceFile {
        name: name.to_owned(),
        content,
    })
}

fn below(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut open = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        let entries = fs::read_dir(&directory).with_context(|| format!("cannot read {}", directory.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", directory.display()))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if name.starts_with('.') || IGNORED.contains(&name.as_ref()) || kind.is_symlink() {
                continue;
            }
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
