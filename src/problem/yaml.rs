//! YAML as written by people: a tree whose nodes know their lines, so that every complaint can name one.
//!
//! Scalars keep their spelling (`1e-6` stays `1e-6`): what a value means is decided where it is used. A byte-order mark and
//! CRLF are accepted, duplicate keys are not, and size, depth and aliases are capped.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error as YamlError, Location, NonFiniteFloatPolicy, Spanned};

use crate::problem::PackageError;
use crate::problem::section::Section;

/// Largest YAML file of a package, in bytes.
const LARGEST: u64 = 1 << 20;

/// Most nodes in a YAML file, aliases counted as often as they are used.
const MOST_NODES: usize = 20_000;

/// A YAML file whose top level is a map.
#[derive(Debug)]
pub(super) struct Document {
    path: PathBuf,
    entries: Vec<Entry>,
}

/// A key and what it stands for.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: u64,
    pub(super) node: Node,
}

/// A value.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: u64,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    /// `key:` with nothing behind it, or `null`.
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

impl Document {
    /// Its top level.
    pub(super) fn section(&self) -> Section<'_> {
        Section::new(&self.path, &self.entries)
    }

    /// An empty one, for a file that is not there.
    pub(super) fn empty(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            entries: Vec::new(),
        }
    }
}

/// Reads a YAML file; `None` when there is none. An empty file is one without keys.
pub(super) fn read(path: &Path) -> Result<Option<Document>, PackageError> {
    let Some(bytes) = bytes_of(path)? else {
        return Ok(None);
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        PackageError::at(path, Some(line), "is not UTF-8 text")
    })?;
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
    };
    let is_blank = |line: &str| line.trim().is_empty() || line.trim() == "---" || line.trim_start().starts_with('#');
    if text.lines().all(is_blank) {
        return Ok(Document::empty(path));
    }
    let raw: Raw = serde_saphyr::from_str_with_options(text, options).map_err(|error| located(path, &error))?;
    let node = raw.resolve(text);
    match node.value {
        Value::Map(entries) => Ok(Document {
            path: path.to_owned(),
            entries,
        }),
        _ => Err(PackageError::at(
            path,
            Some(node.line),
            "expected keys and values such as \"name: Sum\"",
        )),
    }
}

/// The parser's complaint as a sentence for an author.
fn located(path: &Path, error: &YamlError) -> PackageError {
    let line = error.location().map(|at| at.line());
    let said = error.without_snippet().to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let message = match error.without_snippet() {
        YamlError::DuplicateMappingKey { key: Some(key), .. } => format!("the key {key:?} is there twice"),
        YamlError::DuplicateMappingKey { .. } => "a key is there twice".to_owned(),
        YamlError::MultipleDocuments { .. } => {
            "expected one YAML document, found a second one behind \"---\"".to_owned()
        }
        YamlError::Budget { .. } | YamlError::AliasError { .. } => {
            "is too large, too deep or uses too many aliases for a YAML file of a package".to_owned()
        }
        _ if said.contains("recursion limit") => "is nested too deep for a YAML file of a package".to_owned(),
        _ if said.contains("tab") => format!("is no valid YAML: {said}; use spaces instead of tabs"),
        _ => format!("is no valid YAML: {said}"),
    };
    PackageError::at(path, line, message)
}

/// A node as the parser gives it. Numbers and truth values are only marked: their spelling is taken from the text.
#[derive(Debug)]
struct Raw {
    value: RawValue,
    used: Location,
    defined: Location,
}

#[derive(Debug)]
enum RawValue {
    Nothing,
    Text(String),
    /// A plain scalar, and how it would be written anew.
    Plain(String),
    List(Vec<Raw>),
    Map(Vec<(Spanned<String>, Raw)>),
}

impl Raw {
    fn resolve(self, text: &str) -> Node {
        let value = match self.value {
            RawValue::Nothing => Value::Nothing,
            RawValue::Text(text) => Value::Text(text),
            RawValue::Plain(anew) => Value::Text(spelling(text, self.defined).unwrap_or(anew)),
            RawValue::List(items) => Value::List(items.into_iter().map(|item| item.resolve(text)).collect()),
            RawValue::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        key: key.value,
                        line: key.referenced.line(),
                        node: value.resolve(text),
                    })
                    .collect(),
            ),
        };
        Node {
            line: self.used.line(),
            value,
        }
    }
}

/// The scalar as it stands in the text.
fn spelling(text: &str, at: Location) -> Option<String> {
    let start = usize::try_from(at.span().byte_offset()?).ok()?;
    let length = usize::try_from(at.span().byte_len()?).ok()?;
    let spelled = text.get(start..start.checked_add(length)?)?.trim();
    (!spelled.is_empty() && !spelled.starts_with(['"', '\'', '!', '&'])).then(|| spelled.to_owned())
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<RawValue>::deserialize(deserializer)?;
        Ok(Self {
            value: spanned.value,
            used: spanned.referenced,
            defined: spanned.defined,
        })
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<RawValue, E> {
        Ok(RawValue::Plain(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(RawValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RawValue, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(RawValue::Map(map))
    }
}
