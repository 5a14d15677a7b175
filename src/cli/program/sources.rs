//! The files of a submission, from a file or a directory.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cli::program::stdin;
use crate::config::SubmissionSettings;
use crate::contract::{SourceFile, TestFile, UnitFile};
use crate::problem::Constants;

/// What is no part of a program.
const IGNORED: [&str; 2] = ["__pycache__", "node_modules"];

/// Name of a program that comes from standard input.
const STDIN_NAME: &str = "main.py";

/// Reads one file, standard input for `-`, or every file below a directory that is not hidden. Symbolic links that stay in
/// the directory are followed.
///
/// # Errors
/// Names the file that cannot be read, the link that leads out, or the limit that is exceeded.
pub(in crate::cli) fn read(path: &Path, settings: &SubmissionSettings) -> anyhow::Result<Vec<SourceFile>> {
    if is_stdin(path) {
        return from_stdin(settings);
    }
    read_within(path, path, settings)
}

/// Whether a program comes from standard input.
pub(in crate::cli) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// One file. A file that was submitted alone is the program, whatever its name.
fn from_stdin(settings: &SubmissionSettings) -> anyhow::Result<Vec<SourceFile>> {
    let most = settings.max_source_bytes as u64;
    let content = stdin::read("the program", most).context("cannot read the program from standard input")?;
    if content.len() as u64 > most {
        bail!("standard input has more than the {most} bytes that are allowed (submission.max_source_bytes)");
    }
    Ok(vec![SourceFile {
        name: STDIN_NAME.to_owned(),
        content,
    }])
}

/// Reads a file with tests that a submission is judged by: JSON, a module of unit tests, or a directory of such.
///
/// # Errors
/// When it cannot be read, or names the mistake in it.
pub(in crate::cli) fn tests(path: &Path, settings: &SubmissionSettings) -> anyhow::Result<TestFile> {
    if path.is_dir() || path.extension().is_some_and(|extension| extension == "py") {
        return unit_tests(path, settings).map(TestFile::Units);
    }
    let most = settings.max_message_bytes as u64;
    let mut text = String::new();
    let file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(most.saturating_add(1))
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {}", path.display()))?;
    if text.len() as u64 > most {
        bail!(
            "{} has more than the {most} bytes that are allowed (submission.max_message_bytes)",
            path.display()
        );
    }
    TestFile::read(&text).with_context(|| format!("the tests in {} cannot be read", path.display()))
}

fn unit_tests(path: &Path, settings: &SubmissionSettings) -> anyhow::Result<UnitFile> {
    let text = |SourceFile { name, content }: SourceFile| {
        let unreadable = || format!("{name} in {} is no text in UTF-8", path.display());
        let content = String::from_utf8(content).with_context(unreadable)?;
        Ok((name, content))
    };
    let files = read_within(path, path, settings)?.into_iter().map(text);
    Ok(UnitFile {
        pytest: files.collect::<anyhow::Result<_>>()?,
        pytest_options: None,
    })
}

/// The same, with links that stay in `root`, which holds the submission.
pub(in crate::cli) fn read_within(
    path: &Path,
    root: &Path,
    settings: &SubmissionSettings,
) -> anyhow::Result<Vec<SourceFile>> {
    let boundary = fs::canonicalize(root).with_context(|| format!("cannot read {}", root.display()))?;
    let kind = fs::metadata(path).with_context(|| format!("cannot read the submission {}", path.display()))?;
    let (root, found) = if kind.is_dir() {
        (path, below(path, &boundary, settings.max_files)?)
    } else if kind.is_file() {
        (path.parent().unwrap_or(Path::new("")), vec![path.to_owned()])
    } else {
        bail!("the submission {} is neither a file nor a directory", path.display());
    };
    found.iter().map(|file| source(root, file, settings)).collect()
}

/// Example submissions of a package may hold its constants.
pub(in crate::cli) fn put_constants(files: &mut [SourceFile], constants: &Constants) {
    for file in files {
        file.content = constants.put_into(&file.content).into_owned();
    }
}

fn source(root: &Path, file: &Path, settings: &SubmissionSettings) -> anyhow::Result<SourceFile> {
    let most = settings.max_source_bytes as u64;
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
fn below(root: &Path, boundary: &Path, most: usize) -> anyhow::Result<Vec<PathBuf>> {
    let mut open = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        let unreadable = || format!("cannot read {}", directory.display());
        for entry in fs::read_dir(&directory).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            if is_ignored(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let kind = kind_within(&entry.path(), boundary)?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
        if found.len() > most || open.len() > most {
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

/// What a path leads to, links followed.
fn kind_within(path: &Path, boundary: &Path) -> anyhow::Result<fs::FileType> {
    let is_inside = |target: PathBuf| target.starts_with(boundary);
    if path.is_symlink() && !fs::canonicalize(path).is_ok_and(is_inside) {
        bail!(
            "{} is a symbolic link that leads nowhere or out of {}",
            path.display(),
            boundary.display()
        );
    }
    let target = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(target.file_type())
}

fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || IGNORED.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_directory_gives_its_files_and_links_and_nothing_hidden_or_generated() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        for name in ["main.py", "lib/b.py", "lib/__pycache__/b.pyc", ".git/config", ".env"] {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), name).unwrap();
        }
        symlink("lib/b.py", root.join("c.py")).unwrap();
        let settings = crate::config::load(None).unwrap().submission;
        let files = read(root, &settings).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["c.py", "lib/b.py", "main.py"]);
        let inner = read(&root.join("lib"), &settings).unwrap();
        assert_eq!(inner.len(), 1);
        symlink("../main.py", root.join("lib/up.py")).unwrap();
        let refusal = read(&root.join("lib"), &settings).unwrap_err().to_string();
        assert!(
            refusal.contains("up.py is a symbolic link that leads nowhere or out of"),
            "{refusal}"
        );
        assert_eq!(read_within(&root.join("lib"), root, &settings).unwrap().len(), 2);
        for target in ["/etc/passwd", "/etc", "nowhere"] {
            symlink(target, root.join("link")).unwrap();
            let refusal = read(root, &settings).unwrap_err().to_string();
            assert!(refusal.contains("link is a symbolic link"), "{refusal}");
            fs::remove_file(root.join("link")).unwrap();
        }
    }

    #[test]
    fn a_submission_that_is_too_large_or_no_file_is_refused_with_the_reason() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let mut settings = crate::config::load(None).unwrap().submission;
        settings.max_files = 1;
        settings.max_source_bytes = 3;
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
