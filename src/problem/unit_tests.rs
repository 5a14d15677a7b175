//! Unit tests of a package: modules for pytest in `data/`, and what they need beside them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::contract::{USUAL_MODULE, is_module_name, is_test_module};
use crate::problem::files::{Room, entries, files_below, name_of};
use crate::problem::yaml::Map;
use crate::problem::{Constants, PackageError, TestCase, TestedBy};

/// Each submission is given them from memory.
const ROOM: Room<'_> = Room {
    what: "files of unit tests",
    bytes: 16 << 20,
    name_bytes: usize::MAX,
};

/// Directories of `data/` with tests.
const TESTS: [&str; 2] = ["sample", "secret"];

/// What says how groups are scored is no file of the tests.
const SETTINGS: [&str; 2] = ["test_group.yaml", "testdata.yaml"];

/// What unit tests of a package need beside their modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageUnits {
    /// Files that are no modules of tests, such as `conftest.py`: path below `data/`, and where they are.
    pub files: Vec<(String, PathBuf)>,
    /// The module that the tests import the submission as, if the package says so.
    pub module: Option<String>,
    /// Whether only values can be equal.
    pub strict: bool,
}

/// Reads what lies beside the modules that `tests` are, and the map `unit_tests` of `problem.yaml`.
pub(super) fn read(
    root: &Path,
    yaml: &Map<'_>,
    tested_by: TestedBy,
    tests: &[TestCase],
) -> Result<Option<PackageUnits>, PackageError> {
    let options = yaml.map_at("unit_tests")?;
    if tested_by != TestedBy::UnitTests {
        return match options {
            Some(_) => Err(yaml.invalid("unit_tests", "belongs to a problem of the type unit-tests")),
            None => Ok(None),
        };
    }
    let (module, strict) = match &options {
        Some(options) => (module_of(options)?, strict_of(options)?),
        None => (None, true),
    };
    let files = files_of_tests(&root.join("data"))?;
    ROOM.check(&root.join("data"), &files, &Constants::default())?;
    check_names(&files, module.as_deref().unwrap_or(USUAL_MODULE))?;
    let is_module = |path: &PathBuf| tests.iter().any(|test| test.input == *path);
    Ok(Some(PackageUnits {
        files: files.into_iter().filter(|(_, path)| !is_module(path)).collect(),
        module,
        strict,
    }))
}

fn module_of(options: &Map<'_>) -> Result<Option<String>, PackageError> {
    match options.text("module")? {
        Some(name) if !is_module_name(name) => Err(options.expected("module", "a name of a module, such as solution")),
        name => Ok(name.map(str::to_owned)),
    }
}

fn strict_of(options: &Map<'_>) -> Result<bool, PackageError> {
    Ok(options.boolean("strict")?.unwrap_or(true))
}

/// All files below `data/sample` and `data/secret`, and those that lie in `data/` itself.
fn files_of_tests(data: &Path) -> Result<Vec<(String, PathBuf)>, PackageError> {
    let mut files = Vec::new();
    for path in entries(data)? {
        if path.is_file() || TESTS.contains(&name_of(&path).as_str()) {
            files.extend(files_below(&path)?);
        }
    }
    files.retain(|path| !SETTINGS.contains(&name_of(path).as_str()));
    let named = files.into_iter().filter_map(|path| {
        let name = path.strip_prefix(data).ok()?.to_str()?.to_owned();
        Some((name, path))
    });
    Ok(named.collect())
}

/// A module of the submission's name would be taken for it, and pytest imports one of two modules of the same name.
fn check_names(files: &[(String, PathBuf)], module: &str) -> Result<(), PackageError> {
    let is_package = |path: &Path| path.with_file_name("__init__.py").is_file();
    let mut seen: HashMap<String, (&String, &PathBuf)> = HashMap::new();
    for (name, path) in files {
        let base = name_of(path);
        let is_its_module = base.strip_suffix(".py") == Some(module);
        if is_its_module || path.parent().is_some_and(|directory| name_of(directory) == module) {
            let message = format!("has the name of the submission's module, {module}; call it otherwise");
            return Err(PackageError::invalid(path, message));
        }
        if !is_test_module(&base) {
            continue;
        }
        if let Some((other, before)) = seen.insert(base, (name, path))
            && !(is_package(path) && is_package(before))
        {
            let message = format!(
                "has the name of {other} too: pytest wants modules with names of their own, or an __init__.py beside each"
            );
            return Err(PackageError::invalid(path, message));
        }
    }
    Ok(())
}
