//! A package on disk, read.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::problem::error::{PackageError, Warning};
use crate::problem::revision::revision_of;
use crate::problem::yaml::{ProblemYaml, seconds};

const MIB: u64 = 1 << 20;

/// A problem package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its short name: the name of its directory.
    pub id: String,
    /// SHA-256 over everything that judging depends on.
    pub revision: String,
    /// Its name for people.
    pub title: String,
    /// CPU time per test, if the package says.
    pub time_limit: Option<Duration>,
    /// Memory in bytes, if the package says.
    pub memory_bytes: Option<u64>,
    /// Output in bytes, if the package says.
    pub output_bytes: Option<u64>,
    /// Flags of the output validator.
    pub validator_flags: Vec<String>,
    /// The tests in the order in which they run: samples first.
    pub tests: Vec<TestCase>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// A test case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCase {
    /// Path below `data/` without its extension, such as `secret/01-small`.
    pub name: String,
    /// Whether contestants may see it.
    pub sample: bool,
    /// Its input.
    pub input: PathBuf,
    /// The judge's answer.
    pub answer: PathBuf,
}

impl Package {
    /// Reads the package in `directory`.
    ///
    /// # Errors
    /// Names the file that is missing or wrong.
    pub fn load(directory: &Path) -> Result<Self, PackageError> {
        let root = fs::canonicalize(directory).map_err(|source| unreadable(directory, source))?;
        let yaml_path = root.join("problem.yaml");
        let text = fs::read_to_string(&yaml_path).map_err(|source| unreadable(&yaml_path, source))?;
        let yaml = ProblemYaml::parse(&yaml_path, &text)?;
        let id = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut tests = tests_below(&root, "sample")?;
        tests.extend(tests_below(&root, "secret")?);
        if tests.is_empty() {
            let message = "there is no test: expected data/sample/*.in or data/secret/*.in".to_owned();
            return Err(PackageError::Invalid {
                path: root.join("data"),
                message,
            });
        }
        Ok(Self {
            revision: revision_of(&root)?,
            title: yaml.title().unwrap_or_else(|| id.clone()),
            id,
            time_limit: time_limit(&root, &yaml_path, &yaml)?,
            memory_bytes: yaml.limits.memory.map(|mib| mib.saturating_mul(MIB)),
            output_bytes: yaml.limits.output.map(|mib| mib.saturating_mul(MIB)),
            validator_flags: yaml.flags(),
            tests,
            warnings: Vec::new(),
        })
    }
}

/// `limits.time_limit`, else DOMjudge's file `.timelimit`.
fn time_limit(root: &Path, yaml_path: &Path, yaml: &ProblemYaml) -> Result<Option<Duration>, PackageError> {
    if let Some(value) = yaml.limits.time_limit {
        return seconds(yaml_path, value).map(Some);
    }
    let path = root.join(".timelimit");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let value = text.trim().parse().map_err(|_not_a_number| PackageError::Invalid {
                path: path.clone(),
                message: format!("{:?} is not a number of seconds", text.trim()),
            })?;
            seconds(&path, value).map(Some)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unreadable(&path, source)),
    }
}

/// Every `.in` with its `.ans` below `data/<kind>`, in lexicographical order.
fn tests_below(root: &Path, kind: &str) -> Result<Vec<TestCase>, PackageError> {
    let data = root.join("data");
    let mut open = vec![data.join(kind)];
    let mut tests = Vec::new();
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(unreadable(&directory, source)),
        };
        for entry in entries {
            let path = entry.map_err(|source| unreadable(&directory, source))?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension() == Some(OsStr::new("in")) {
                tests.push(test_case(&data, kind, path)?);
            }
        }
    }
    tests.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(tests)
}

fn test_case(data: &Path, kind: &str, input: PathBuf) -> Result<TestCase, PackageError> {
    let answer = input.with_extension("ans");
    if !answer.is_file() {
        let message = format!("the judge's answer {} is missing", answer.display());
        return Err(PackageError::Invalid { path: input, message });
    }
    let name = input.with_extension("");
    let name = name.strip_prefix(data).unwrap_or(&name).to_string_lossy().into_owned();
    Ok(TestCase {
        name,
        sample: kind == "sample",
        input,
        answer,
    })
}

fn unreadable(path: &Path, source: io::Error) -> PackageError {
    PackageError::Read {
        path: path.to_owned(),
        source,
    }
}
