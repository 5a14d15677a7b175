//! The files of a package, before anything in them is believed.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::problem::files::JUDGED;
use crate::problem::{PackageError, Warning};

/// Most files and directories that a package may have, links followed.
const MOST_ENTRIES: usize = 200_000;

/// Deepest directory. A symbolic link that leads back to where it lies is found by it.
pub(super) const DEEPEST: usize = 32;

/// All files of the package, in order, with symbolic links followed where judging depends on them.
///
/// Hidden and generated files are held against the same rules, and listed only in the directories `NAME.files`, which are
/// given to submissions as they are.
///
/// # Errors
/// For a link that leads nowhere or out of the package, since what it leads to is not the author's to show; for pipes,
/// sockets and devices, which reading would wait for; for names that are not UTF-8; and for too many or too deep ones.
/// Beside what judging depends on, these are warnings.
pub(in crate::problem) fn survey(root: &Path, warnings: &mut Vec<Warning>) -> Result<Vec<PathBuf>, PackageError> {
    let mut survey = Survey {
        root,
        files: Vec::new(),
        entries: 0,
        warnings,
    };
    for path in all_entries(root)? {
        let name = name_of(&path);
        // What else lies in a package cannot keep it from being judged.
        match name == "submissions" || JUDGED.contains(&name.as_str()) {
            true => survey.entry(path, 0, true)?,
            false => survey.other(path, 0)?,
        }
    }
    Ok(survey.files)
}

struct Survey<'a> {
    root: &'a Path,
    files: Vec<PathBuf>,
    entries: usize,
    warnings: &'a mut Vec<Warning>,
}

impl Survey<'_> {
    fn directory(&mut self, directory: &Path, depth: usize, is_listed: bool) -> Result<(), PackageError> {
        if depth > DEEPEST {
            let message = format!("lies more than {DEEPEST} directories deep; does a symbolic link lead back to it?");
            return Err(PackageError::invalid(directory, message));
        }
        for path in all_entries(directory)? {
            self.count()?;
            let is_listed = is_listed && !is_hidden(&path);
            self.entry(path, depth, is_listed)?;
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), PackageError> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            let message = format!("holds more than {MOST_ENTRIES} files, which is too much for a package");
            return Err(PackageError::invalid(self.root, message));
        }
        Ok(())
    }

    fn entry(&mut self, path: PathBuf, depth: usize, is_listed: bool) -> Result<(), PackageError> {
        if is_listed && path.to_str().is_none() {
            return Err(PackageError::invalid(&path, "has a name that is not UTF-8"));
        }
        let is_link = path.is_symlink();
        if is_link && !is_listed && !path.exists() {
            // The lock of an editor, for one: such a link leads nowhere.
            return Ok(());
        }
        if is_link && !self.leads_inside(&path) {
            let message = "is a symbolic link that leads nowhere or out of the package";
            return Err(PackageError::invalid(&path, message));
        }
        let target = fs::metadata(&path).map_err(PackageError::read(&path))?;
        if target.is_dir() {
            return self.directory(&path, depth + 1, is_listed);
        }
        if !target.is_file() {
            return Err(PackageError::invalid(&path, "is neither a file nor a directory"));
        }
        if is_listed || self.is_given_to_programs(&path) {
            self.files.push(path);
        }
        Ok(())
    }

    /// Whether a file lies in a directory `NAME.files` of a test.
    fn is_given_to_programs(&self, path: &Path) -> bool {
        let Ok(inside) = path.strip_prefix(self.root.join("data")) else {
            return false;
        };
        let directories = inside.parent().into_iter().flatten().map(Path::new);
        let mut seen = directories.take_while(|directory| !is_hidden(directory));
        seen.any(|directory| directory.extension().is_some_and(|it| it == "files"))
    }

    /// A part of the package that judging does not depend on. Links are not followed, and only named where they lead
    /// out.
    fn other(&mut self, path: PathBuf, depth: usize) -> Result<(), PackageError> {
        self.count()?;
        if is_hidden(&path) || depth > DEEPEST {
            return Ok(());
        }
        if path.is_symlink() {
            if !self.leads_inside(&path) {
                let message = "is a symbolic link that leads nowhere or out of the package; judging does not need it";
                self.warnings.push(Warning::new(&path, message));
            }
        } else if path.is_dir() {
            for inner in all_entries(&path)? {
                self.other(inner, depth + 1)?;
            }
        } else if path.is_file() && path.to_str().is_some() {
            self.files.push(path);
        }
        Ok(())
    }

    fn leads_inside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|target| target.starts_with(self.root))
    }
}

/// What a directory holds, in order, without hidden and generated files; nothing where there is none.
pub(in crate::problem) fn entries(directory: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let mut paths = all_entries(directory)?;
    paths.retain(|path| !is_hidden(path));
    Ok(paths)
}

/// What a directory holds that is no test and no submission. A name that begins with `-` sets a file aside there (format
/// 2025-09, section "General requirements").
pub(in crate::problem) fn entries_in_use(directory: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let mut paths = entries(directory)?;
    paths.retain(|path| !is_set_aside(path));
    Ok(paths)
}

/// Whether a name begins with `-`.
pub(in crate::problem) fn is_set_aside(path: &Path) -> bool {
    name_of(path).starts_with('-')
}

/// All that a directory holds, in order; nothing where there is none.
pub(super) fn all_entries(directory: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let read = match fs::read_dir(directory) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(PackageError::read(directory)(error)),
    };
    let paths: io::Result<Vec<PathBuf>> = read.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(PackageError::read(directory))?;
    paths.sort();
    Ok(paths)
}

/// Hidden and generated files are as if they were not there (format 2025-09, section "General requirements").
fn is_hidden(path: &Path) -> bool {
    let name = name_of(path);
    // DOMjudge's file is the only hidden one that says anything.
    name != ".timelimit" && (name.starts_with('.') || name == "__pycache__" || name.ends_with('~'))
}

/// All files below a directory, in order; the file itself when it is one.
pub(in crate::problem) fn files_below(path: &Path) -> Result<Vec<PathBuf>, PackageError> {
    below(path, entries)
}

/// The same of what is no test and no submission, as in [`entries_in_use`].
pub(in crate::problem) fn files_in_use(path: &Path) -> Result<Vec<PathBuf>, PackageError> {
    below(path, entries_in_use)
}

type Listing = fn(&Path) -> Result<Vec<PathBuf>, PackageError>;

fn below(path: &Path, listing: Listing) -> Result<Vec<PathBuf>, PackageError> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for path in listing(path)? {
        files.extend(below(&path, listing)?);
    }
    Ok(files)
}

/// The first `most` bytes of a file as text; `None` when there is no such file.
pub(in crate::problem) fn start_of(path: &Path, most: u64) -> Result<Option<String>, PackageError> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(PackageError::read(path))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(PackageError::read(path)(error)),
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
}

/// The start of a text file of at most so many bytes, and as much of its end where that lies behind it.
pub(in crate::problem) fn ends_of(path: &Path, most: u64) -> Result<(String, Option<String>), PackageError> {
    let mut file = File::open(path).map_err(PackageError::read(path))?;
    let length = file.metadata().map_err(PackageError::read(path))?.len();
    if length <= 2 * most {
        return Ok((start_of(path, 2 * most)?.unwrap_or_default(), None));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length - most))
        .and_then(|_at| file.take(most).read_to_end(&mut bytes))
        .map_err(PackageError::read(path))?;
    let end = String::from_utf8_lossy(&bytes).into_owned();
    Ok((start_of(path, most)?.unwrap_or_default(), Some(end)))
}

/// The last part of a path.
pub(in crate::problem) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
