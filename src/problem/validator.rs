//! The program that decides whether an output is right.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::endings::LANGUAGES;
use crate::problem::files::{MOST_NAME_BYTES, Room, entries_in_use, files_in_use, name_of};
use crate::problem::problem_type::ProblemType;
use crate::problem::submissions::languages;
use crate::problem::{Constants, Format, PackageError, Warning};

/// Where the formats have their output validators: legacy, and 2025-09.
const DIRECTORIES: [&str; 2] = ["output_validators", "output_validator"];

/// What checks the outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputValidator {
    /// The format's default validator.
    Default,
    /// Programs of the package; all of them must accept.
    Custom(Vec<ValidatorProgram>),
}

/// An output validator of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidatorProgram {
    /// Its name, for messages.
    pub name: String,
    /// What it is written in.
    pub language: ValidatorLanguage,
    /// Its files: relative path, and where they are.
    pub files: Vec<(String, PathBuf)>,
}

impl ValidatorProgram {
    /// It is laid into a box with all its files; `directory` is where they lie.
    pub(super) fn check_room(&self, directory: &Path, constants: &Constants) -> Result<(), PackageError> {
        const ROOM: Room<'_> = Room {
            what: "files of a program",
            bytes: 32 << 20,
            name_bytes: MOST_NAME_BYTES,
        };
        ROOM.check(directory, &self.files, constants).map(drop)
    }
}

/// How a validator is built and started (section "Languages and compilation").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidatorLanguage {
    /// Python 3, with the file to start.
    Python(String),
    /// C sources, or C++ sources where `plus_plus`.
    Native {
        /// The files to compile.
        sources: Vec<String>,
        /// Whether they are C++.
        plus_plus: bool,
    },
    /// A `build` script, a `run` script, or both.
    Scripts {
        /// There is a `build` script.
        build: bool,
    },
}

const CPP: [&str; 5] = ["cc", "cpp", "cxx", "c++", "C"];

/// Reads the validators in `output_validators/` (legacy) and `output_validator/` (2025-09).
pub(super) fn read(
    root: &Path,
    problem_type: &ProblemType,
    constants: &Constants,
    warnings: &mut Vec<Warning>,
) -> Result<OutputValidator, PackageError> {
    let [many, single] = DIRECTORIES.map(|name| root.join(name));
    let (expected, other) = match problem_type.format {
        Format::Legacy => (&many, &single),
        Format::V2025 => (&single, &many),
    };
    let is_used = |directory: &Path| Ok::<_, PackageError>(!entries_in_use(directory)?.is_empty());
    if !problem_type.custom {
        for unused in DIRECTORIES.map(|name| root.join(name)) {
            if is_used(&unused)? {
                let message = "is not used: problem.yaml does not say \"validation: custom\"";
                warnings.push(Warning::new(&unused, message));
            }
        }
        return Ok(OutputValidator::Default);
    }
    if is_used(other)? {
        let message = "is where the other format has its output validators; they are used all the same";
        warnings.push(Warning::new(other, message));
    }
    let mut programs = programs_in(&many, warnings)?;
    programs.extend(single_program(&single)?);
    if programs.is_empty() {
        let message = "custom validation is asked for, but there is no output validator: expected a program here";
        return Err(PackageError::invalid(expected, message));
    }
    for program in &programs {
        program.check_room(expected, constants)?;
    }
    Ok(OutputValidator::Custom(programs))
}

/// Whether there is anything in the directories for validators.
pub(super) fn is_there(root: &Path) -> Result<bool, PackageError> {
    for name in DIRECTORIES {
        if !entries_in_use(&root.join(name))?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Each file and each directory is a program. A header or a readme beside them is none, and goes with each single file.
pub(super) fn programs_in(
    directory: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<ValidatorProgram>, PackageError> {
    let is_loose = |path: &PathBuf| path.is_file() && !is_source(path) && !is_script(path);
    let (mut loose, paths): (Vec<_>, Vec<_>) = entries_in_use(directory)?.into_iter().partition(is_loose);
    // What is built or saved beside a program is none itself.
    let (unknown, mut paths): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_of_no_language(path));
    if paths.is_empty() {
        paths = unknown;
    } else {
        loose.extend(unknown);
    }
    // Scripts beside each other make the directory itself the program.
    if paths.iter().any(|path| path.is_file() && is_script(path)) {
        return Ok(vec![program(directory)?]);
    }
    let mut programs = Vec::new();
    for path in paths {
        let mut program = legacy_program(&path, warnings)?;
        if path.is_file() {
            program
                .files
                .extend(loose.iter().map(|path| (name_of(path), path.clone())));
        }
        programs.push(program);
    }
    if programs.is_empty()
        && let Some(path) = loose.first()
    {
        return Err(unbuildable(path));
    }
    if !loose.is_empty() {
        let message = "holds files that are no programs; they are put beside each validator that is a single file";
        warnings.push(Warning::new(directory, message));
    }
    Ok(programs)
}

/// What lies in `output_validator/` is one program: a file, a directory, or the files together.
pub(super) fn single_program(directory: &Path) -> Result<Option<ValidatorProgram>, PackageError> {
    match &entries_in_use(directory)?[..] {
        [] => Ok(None),
        [only] => program(only).map(Some),
        _ => program(directory).map(Some),
    }
}

pub(super) fn program(path: &Path) -> Result<ValidatorProgram, PackageError> {
    built_as(path, language_of)
}

/// A program where packages of the legacy format have theirs. Of several Python files one that is called `main...` is
/// started, else the first by name, as by BAPCtools and Kattis' problemtools.
fn legacy_program(path: &Path, warnings: &mut Vec<Warning>) -> Result<ValidatorProgram, PackageError> {
    built_as(path, |files| {
        language_of(files).or_else(|| {
            let entry = first_python(files)?;
            let message =
                format!("holds several Python files, none of them __main__.py or main.py: {entry} is started");
            warnings.push(Warning::new(path, message));
            Some(ValidatorLanguage::Python(entry))
        })
    })
}

fn built_as(
    path: &Path,
    language_of: impl FnOnce(&[(String, PathBuf)]) -> Option<ValidatorLanguage>,
) -> Result<ValidatorProgram, PackageError> {
    let inside = |file: PathBuf| {
        let name = file
            .strip_prefix(path)
            .ok()
            .and_then(Path::to_str)
            .filter(|name| !name.is_empty());
        (name.map_or_else(|| name_of(&file), str::to_owned), file)
    };
    let files: Vec<(String, PathBuf)> = files_in_use(path)?.into_iter().map(inside).collect();
    for (_, file) in files.iter().filter(|(name, _)| name.ends_with(".py")) {
        if languages::is_python_2(file)? {
            return Err(PackageError::invalid(
                file,
                "is written in Python 2, which is not supported",
            ));
        }
    }
    Ok(ValidatorProgram {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        language: language_of(&files).ok_or_else(|| unbuildable(path))?,
        files,
    })
}

fn unbuildable(path: &Path) -> PackageError {
    let message = "is no program that can be built: expected one Python 3 file, a directory with __main__.py, \
                   C or C++ sources, or a build or run script";
    PackageError::invalid(path, message)
}

pub(super) fn is_source(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    // Sources of languages that are not supported are programs too: they must be complained of.
    !["h", "hh", "hpp", "hxx", "inc", "md", "txt", "rst", "json", "yaml", ""].contains(&extension)
        && !name_of(path).starts_with("Makefile")
}

/// Whether a file is neither a script nor source code in a language that packages know, such as an `.exe` or an `.orig`.
fn is_of_no_language(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_known = LANGUAGES.iter().any(|(_, _, endings)| endings.contains(&extension));
    path.is_file() && !is_script(path) && !is_known
}

pub(super) fn is_script(path: &Path) -> bool {
    ["build", "run"].contains(&name_of(path).as_str())
}

/// The Python file that is started where none has a name that says so: `main...`, else the first one.
fn first_python(files: &[(String, PathBuf)]) -> Option<String> {
    let names = files.iter().map(|(name, _)| name);
    let is_candidate = |name: &&String| {
        let is_python = name.ends_with(".py") || name.ends_with(".py3");
        is_python && !name.contains('/') && *name != "__init__.py"
    };
    let is_other = |name: &&String| !name.to_ascii_lowercase().starts_with("main");
    let first = names.filter(is_candidate).min_by_key(|name| (is_other(name), *name));
    first.cloned()
}

fn language_of(files: &[(String, PathBuf)]) -> Option<ValidatorLanguage> {
    let has = |name: &str| files.iter().any(|(path, _)| path == name);
    if has("build") || has("run") {
        return Some(ValidatorLanguage::Scripts { build: has("build") });
    }
    let with = |wanted: &[&str]| -> Vec<String> {
        let extension = |path: &str| Path::new(path).extension().and_then(OsStr::to_str).map(str::to_owned);
        let fits = |path: &str| extension(path).is_some_and(|found| wanted.contains(&found.as_str()));
        files
            .iter()
            .map(|(path, _)| path.clone())
            .filter(|path| fits(path))
            .collect()
    };
    let (python, cpp, c) = (with(&["py", "py3"]), with(&CPP), with(&["c"]));
    if !cpp.is_empty() {
        let sources = cpp.into_iter().chain(c).collect();
        return Some(ValidatorLanguage::Native {
            sources,
            plus_plus: true,
        });
    }
    if !c.is_empty() {
        return Some(ValidatorLanguage::Native {
            sources: c,
            plus_plus: false,
        });
    }
    let entry = ["__main__.py", "main.py"]
        .into_iter()
        .find(|name| has(name))
        .map(str::to_owned);
    match (entry, &python[..]) {
        (Some(entry), _) => Some(ValidatorLanguage::Python(entry)),
        (None, [only]) => Some(ValidatorLanguage::Python(only.clone())),
        _ => None,
    }
}
