//! `constants` of `problem.yaml`: values that stand for `{{name}}`, and variants of them that stand for `{{name.variant}}`,
//! in the package's programs (format 2025-09, section "Constants").

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::problem::yaml::Map;
use crate::problem::{Format, PackageError, Warning};

const OPEN: &[u8] = b"{{";
const CLOSE: &[u8] = b"}}";

/// Longest name and longest value, in bytes. What is longer would make programs grow.
const LONGEST: usize = 256;

/// Most bytes between the braces: a name, a `.` and the name of a variant.
const LONGEST_INSIDE: usize = LONGEST + 1 + LONGEST;

/// The key of a map that holds the value itself; every other key is a variant of it.
const VALUE: &str = "value";

/// Names, with a variant behind a `.`, and their values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constants(BTreeMap<String, String>);

impl Constants {
    pub(super) fn read(yaml: &Map<'_>, format: Format, warnings: &mut Vec<Warning>) -> Result<Self, PackageError> {
        let Some(map) = yaml.map_at("constants")? else {
            return Ok(Self::default());
        };
        if format == Format::Legacy {
            let message = "constants belong to the format 2025-09; they are understood all the same";
            warnings.push(yaml.warning("constants", message));
        }
        let mut constants = BTreeMap::new();
        let with_variants: BTreeMap<&str, Map<'_>> = map.maps().collect();
        for name in map.keys() {
            check_name(&map, name)?;
            match with_variants.get(name) {
                None => drop(constants.insert(name.to_owned(), value_of(&map, name)?)),
                Some(variants) if !variants.has(VALUE) => return Err(map.invalid(name, without_value(name))),
                Some(variants) => add_variants(&mut constants, name, variants)?,
            }
        }
        Ok(Self(constants))
    }

    /// The content with the values in place of `{{name}}`. What stands for no constant stays as it is.
    pub fn put_into<'a>(&self, content: &'a [u8]) -> Cow<'a, [u8]> {
        if self.0.is_empty() {
            return content.into();
        }
        let mut replaced = Vec::new();
        let mut rest = content;
        while let Some((before, value, behind)) = self.first_in(rest) {
            replaced.extend_from_slice(before);
            replaced.extend_from_slice(value);
            rest = behind;
        }
        if replaced.is_empty() && rest.len() == content.len() {
            return content.into();
        }
        replaced.extend_from_slice(rest);
        replaced.into()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How long the content is with the values in place of `{{name}}`, in bytes.
    pub(super) fn length_in(&self, content: &[u8]) -> u64 {
        let mut length = 0;
        let mut rest = content;
        while let Some((before, value, behind)) = self.first_in(rest) {
            length += before.len() as u64 + value.len() as u64;
            rest = behind;
        }
        length + rest.len() as u64
    }

    /// What stands before the first constant, its value, and what stands behind it.
    fn first_in<'a>(&self, content: &'a [u8]) -> Option<(&'a [u8], &[u8], &'a [u8])> {
        let starts = content.windows(OPEN.len()).enumerate();
        let mut opened = starts.filter(|(_, window)| *window == OPEN).map(|(at, _)| at);
        opened.find_map(|at| {
            let inside = &content[at + OPEN.len()..];
            let is_behind = |byte: &u8| !is_part(*byte) && *byte != b'.';
            let end = inside.iter().take(LONGEST_INSIDE + 1).position(is_behind)?;
            let behind = inside[end..].strip_prefix(CLOSE)?;
            let value = self.0.get(std::str::from_utf8(&inside[..end]).ok()?)?;
            Some((&content[..at], value.as_bytes(), behind))
        })
    }

    /// The same for a text.
    pub(super) fn put_into_text(&self, text: String) -> String {
        let replaced = match self.put_into(text.as_bytes()) {
            // Constants are texts, so that what holds them is one.
            Cow::Owned(bytes) => String::from_utf8(bytes).ok(),
            Cow::Borrowed(_) => None,
        };
        replaced.unwrap_or(text)
    }
}

/// A constant that is a map: `value` stands for `{{name}}`, and every key for `{{name.key}}`.
fn add_variants(constants: &mut BTreeMap<String, String>, name: &str, variants: &Map<'_>) -> Result<(), PackageError> {
    constants.insert(name.to_owned(), value_of(variants, VALUE)?);
    for variant in variants.keys() {
        check_name(variants, variant)?;
        constants.insert(format!("{name}.{variant}"), value_of(variants, variant)?);
    }
    Ok(())
}

fn without_value(name: &str) -> String {
    format!("constants.{name}.{VALUE} is missing, expected a number or a text of at most {LONGEST} bytes")
}

fn value_of(map: &Map<'_>, name: &str) -> Result<String, PackageError> {
    let value = map.text(name)?.filter(|value| value.len() <= LONGEST);
    let expected = || map.expected(name, "a number or a text of at most 256 bytes");
    value.map(str::to_owned).ok_or_else(expected)
}

fn check_name(map: &Map<'_>, name: &str) -> Result<(), PackageError> {
    let message = "is no name of a constant: expected letters, digits and _, and no digit in front";
    let wrong = || map.invalid(name, format!("{name:?} {message}"));
    is_name(name).then_some(()).ok_or_else(wrong)
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
fn is_name(name: &str) -> bool {
    name.len() <= LONGEST
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(is_part)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_names_stood_and_nothing_else_changes() {
        let constants = [
            ("n", "100"),
            ("n_max", "1e9"),
            ("n.tex", "10^2"),
            ("open", "{{"),
            ("word", "ä b"),
        ];
        let constants = Constants(
            constants
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        );
        for (content, expected) in [
            ("", ""),
            ("n = {{n}}", "n = 100"),
            ("{{n}}{{n_max}}{{word}}", "1001e9ä b"),
            (
                "{{n.tex}} {{n.TEX}} {{n.tex.x}} {{n.}}",
                "10^2 {{n.TEX}} {{n.tex.x}} {{n.}}",
            ),
            ("{{{n}}}", "{100}"),
            ("{{ n }} {{m}} {n} {{n", "{{ n }} {{m}} {n} {{n"),
            ("{{open}}n}}", "{{n}}"),
            ("f\"{{{{n}}}}\" {{n}}", "f\"{{100}}\" 100"),
        ] {
            let found = constants.put_into(content.as_bytes());
            assert_eq!(constants.length_in(content.as_bytes()), found.len() as u64, "{content}");
            assert_eq!(String::from_utf8_lossy(&found), expected, "{content}");
        }
        let binary = b"\xff{{n}}\x00";
        assert_eq!(constants.put_into(binary).as_ref(), b"\xff100\x00");
        assert_eq!(Constants::default().put_into(b"{{n}}").as_ref(), b"{{n}}");
    }
}
