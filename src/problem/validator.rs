//! The program that decides whether an output is right.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::problem::{PackageError, Warning};

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
pub(super) fn read(root: &Path, custom: bool, warnings: &mut Vec<Warning>) -> Result<OutputValidator, PackageError> {
    let mut programs = Vec::new();
    let many = root.join("output_validators");
    for path in entries(&many)? {
        programs.push(program(&path)?);
    }
    let single = root.join("output_validator");
    let inside = entries(&single)?;
    match &inside[..] {
        [] => {}
        [only] => programs.push(program(only)?),
        _ => programs.push(program(&single)?),
    }
    match (custom, programs.is_empty()) {
        (true, true) => Err(PackageError::Invalid {
            path: root.join("problem.yaml"),
            message: "custom validation is asked for, but output_validators/ holds no program".to_owned(),
        }),
        (false, false) => {
            let message = "is there, but problem.yaml asks for the default validator; it is not used";
            warnings.push(Warning {
                path: many,
                message: message.to_owned(),
            });
            Ok(OutputValidator::Default)
        }
        (true, false) => Ok(OutputValidator::Custom(programs)),
        (false, true) => Ok(OutputValidator::Default),
    }
}

/// Whether the directory of 2025-09 holds a validator.
pub(super) fn is_there(root: &Path) -> Result<bool, PackageError> {
    Ok(!entries(&root.join("output_validator"))?.is_empty() || !entries(&root.join("output_validators"))?.is_empty())
}

fn program(path: &Path) -> Result<ValidatorProgram, PackageError> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, path, &mut files)?;
    } else {
        files.push((
            path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path.to_owned(),
        ));
    }
    let language = language_of(&files).ok_or_else(|| PackageError::Invalid {
        path: path.to_owned(),
        message: "is no validator that can be built: expected one Python 3 file, a directory with __main__.py, \
                  C or C++ sources, or a build or run script"
            .to_owned(),
    })?;
    Ok(ValidatorProgram { name, language, files })
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

fn collect(root: &Path, directory: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), PackageError> {
    for path in entries(directory)? {
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.push((name.to_owned(), path));
        }
    }
    Ok(())
}

/// What a directory holds, in order, without hidden and generated files; nothing where there is none.
pub(super) fn entries(directory: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let unreadable = |source| PackageError::Read {
        path: directory.to_owned(),
        source,
    };
    let read = match fs::read_dir(directory) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(unreadable(source)),
    };
    let mut paths = Vec::new();
    for entry in read {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(['.', '-']) && name != "__pycache__" && !name.ends_with('~') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
