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
    let (root, found) = if kind.is_dir() {
        (path, below(path, settings.submission.max_files)?)
    } else if kind.is_file() {
        (path.parent().unwrap_or(Path::new("")), vec![path.to_owned()])
    } else {
        bail!("the submission {} is neither a file nor a directory", path.display());
    };
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

/// Gives up as soon as there are too many, so that a wrong directory is not searched to its end.
fn below(root: &Path, most: usize) -> anyhow::Result<Vec<PathBuf>> {
    let mut open = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        let unreadable = || format!("cannot read {}", directory.display());
        for entry in fs::read_dir(&directory).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let kind = entry.file_type().with_context(unreadable)?;
            if is_ignored(&entry.file_name().to_string_lossy()) {
                continue;
            }
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
        if found.len() > most {
            bail!(
                "the directory {} holds more than {most} files; submission.max_files allows no more",
                root.display()
            );
        }
    }
    if found.is_empty() {
        bail!("the directory {} holds no file to judge", root.display());
    }
    found.sort();
    Ok(found)
}

fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || IGNORED.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_directory_gives_its_files_and_nothing_hidden_generated_or_linked() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        for name in ["main.py", "lib/b.py", "lib/__pycache__/b.pyc", ".git/config", ".env"] {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), name).unwrap();
        }
        symlink("/etc/passwd", root.join("passwd")).unwrap();
        symlink("/etc", root.join("etc")).unwrap();
        let settings = crate::config::load(None).unwrap();
        let files = read(root, &settings).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["lib/b.py", "main.py"]);
    }

    #[test]
    fn a_submission_that_is_too_large_or_no_file_is_refused_with_the_reason() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let mut settings = crate::config::load(None).unwrap();
        settings.submission.max_files = 1;
        settings.submission.max_source_bytes = 3;
        let refusal = |path: &Path| format!("{:#}", read(path, &settings).unwrap_err());
        assert!(refusal(root).ends_with("holds no file to judge"));
        fs::write(root.join("a.py"), "four").unwrap();
        assert!(refusal(&root.join("a.py")).contains("has 4 bytes, at most 3 are allowed"));
        fs::write(root.join("b.py"), "").unwrap();
        assert!(refusal(root).contains("more than 1 files"));
        assert!(refusal(Path::new("/dev/null")).contains("neither a file nor a directory"));
        assert!(refusal(&root.join("c.py")).contains("c.py: No such file"));
    }
}
