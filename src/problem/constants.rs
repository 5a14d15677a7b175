//! `constants` of `problem.yaml`: values that stand for `{{name}}` in the package's programs (format 2025-09, section
//! "Constants").

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::problem::yaml::Map;
use crate::problem::{Format, PackageError, Warning};

const OPEN: &[u8] = b"{{";
const CLOSE: &[u8] = b"}}";

/// Longest name and longest value, in bytes. What is longer would make programs grow.
const LONGEST: usize = 256;

/// Names and their values.
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
        for name in map.keys() {
            if !is_name(name) {
                let message = "is no name of a constant: expected letters, digits and _, and no digit in front";
                return Err(map.invalid(name, format!("{name:?} {message}")));
            }
            let value = map
                .text(name)?
                .filter(|value| value.len() <= LONGEST)
                .ok_or_else(|| map.expected(name, "a number or a text of at most 256 bytes"))?;
            constants.insert(name.to_owned(), value.to_owned());
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
            let end = inside.iter().take(LONGEST + 1).position(|byte| !is_part(*byte))?;
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
        let constants = [("n", "100"), ("n_max", "1e9"), ("open", "{{"), ("word", "ä b")];
        let constants = Constants(
            constants
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        );
        for (content, expected) in [
            ("", ""),
            ("n = {{n}}", "n = 100"),
            ("{{n}}{{n_max}}{{word}}", "1001e9ä b"),
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
