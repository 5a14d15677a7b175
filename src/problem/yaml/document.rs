//! YAML as written by people: a tree whose nodes know their lines, so that every complaint can name one.
//!
//! Scalars keep their spelling (`1e-6` stays `1e-6`): what a value means is decided where it is used. A byte-order mark and
//! CRLF are accepted, of a repeated key the last value holds, and size, depth and aliases are capped.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_saphyr::{DuplicateKeyPolicy, Error as YamlError, NonFiniteFloatPolicy};

use crate::problem::yaml::map::Map;
use crate::problem::yaml::node::{Entry, Raw, Value};
use crate::problem::{Constants, PackageError, Warning};

/// Largest YAML file of a package, in bytes.
const LARGEST: u64 = 1 << 20;

/// Most nodes in a YAML file, aliases counted as often as they are used.
const MOST_NODES: usize = 20_000;

/// A YAML file whose top level is a map.
#[derive(Debug)]
pub(in crate::problem) struct Document {
    path: PathBuf,
    entries: Vec<Entry>,
    /// Keys that are there more than once, with the line of the last one.
    repeated: Vec<(String, u64)>,
}

impl Document {
    /// Warnings about keys that are there more than once. As in `PyYAML`, the last value holds.
    pub(in crate::problem) fn repeated_keys(&self) -> Vec<Warning> {
        let warning = |(key, line): &(String, u64)| {
            let message = format!("the key {key:?} is there twice; the value on this line holds");
            Warning::at(&self.path, Some(*line), message)
        };
        self.repeated.iter().map(warning).collect()
    }

    /// Its top level.
    pub(in crate::problem) fn map(&self) -> Map<'_> {
        Map::new(&self.path, &self.entries)
    }

    /// An empty one, for a file that is not there.
    pub(in crate::problem) fn empty(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            entries: Vec::new(),
            repeated: Vec::new(),
        }
    }
}

/// Reads a YAML file; `None` when there is none. An empty file is one without keys.
pub(in crate::problem) fn read(path: &Path) -> Result<Option<Document>, PackageError> {
    read_with(path, &Constants::default())
}

/// The same of a file in which constants may stand.
pub(in crate::problem) fn read_with(path: &Path, constants: &Constants) -> Result<Option<Document>, PackageError> {
    let Some(bytes) = bytes_of(path)? else {
        return Ok(None);
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        PackageError::at(path, Some(line), "is not UTF-8 text")
    })?;
    let text = constants.put_into_text(text);
    parse(path, text.trim_start_matches('\u{feff}')).map(Some)
}

fn bytes_of(path: &Path) -> Result<Option<Vec<u8>>, PackageError> {
    let mut bytes = Vec::new();
    let length = match File::open(path) {
        Ok(file) => file.take(LARGEST + 1).read_to_end(&mut bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    match length.map_err(PackageError::read(path))? {
        length if length as u64 > LARGEST => {
            let message = format!("is larger than {LARGEST} bytes, which is too much for a YAML file of a package");
            Err(PackageError::invalid(path, message))
        }
        _ => Ok(Some(bytes)),
    }
}

fn parse(path: &Path, text: &str) -> Result<Document, PackageError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: MOST_NODES, max_depth: 32 },
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
    };
    let is_blank = |line: &str| line.trim().is_empty() || line.trim() == "---" || line.trim_start().starts_with('#');
    if text.lines().all(is_blank) {
        return Ok(Document::empty(path));
    }
    let raw: Raw = serde_saphyr::from_str_with_options(text, options).map_err(|error| located(path, error))?;
    let mut repeated = Vec::new();
    let node = raw.resolve(text, &mut repeated);
    match node.value {
        Value::Map(entries) => Ok(Document {
            path: path.to_owned(),
            entries,
            repeated,
        }),
        _ => Err(PackageError::at(
            path,
            Some(node.line),
            "expected keys and values such as \"name: Sum\"",
        )),
    }
}

/// The parser's complaint as a sentence for an author.
fn located(path: &Path, error: YamlError) -> PackageError {
    let line = error.location().map(|at| at.line());
    let complaint = error.without_snippet().to_string();
    let complaint = complaint
        .rsplit_once(" at line ")
        .map_or(complaint.as_str(), |(text, _)| text);
    let message = match error.without_snippet() {
        YamlError::MultipleDocuments { .. } => {
            "expected one YAML document, found a second one behind \"---\"".to_owned()
        }
        YamlError::Budget { .. } | YamlError::AliasError { .. } => {
            "is too large, too deep or uses too many aliases for a YAML file of a package".to_owned()
        }
        _ if complaint.contains("recursion limit") => "is nested too deep for a YAML file of a package".to_owned(),
        _ if complaint.contains("tab") => format!("is no valid YAML: {complaint}; use spaces instead of tabs"),
        _ => format!("is no valid YAML: {complaint}"),
    };
    PackageError::Yaml {
        path: path.to_owned(),
        line,
        message,
        source: Box::new(error),
    }
}
