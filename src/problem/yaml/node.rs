//! The nodes of a YAML file, with their lines and the spelling of their scalars.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// A key and what it stands for.
#[derive(Debug)]
pub(in crate::problem) struct Entry {
    pub(in crate::problem) key: String,
    pub(in crate::problem) line: u64,
    pub(in crate::problem) node: Node,
}

/// A value.
#[derive(Debug)]
pub(in crate::problem) struct Node {
    pub(in crate::problem) line: u64,
    pub(in crate::problem) value: Value,
}

#[derive(Debug)]
pub(in crate::problem) enum Value {
    /// `key:` with nothing behind it, or `null`.
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A node as the parser gives it. Numbers and truth values are only marked: their spelling is taken from the text.
#[derive(Debug)]
pub(super) struct Raw {
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
    /// The node, with the keys that are there more than once added to `repeated`: the last value of each is kept.
    pub(super) fn resolve(self, text: &str, repeated: &mut Vec<(String, u64)>) -> Node {
        let value = match self.value {
            RawValue::Nothing => Value::Nothing,
            RawValue::Text(text) => Value::Text(text),
            RawValue::Plain(anew) => Value::Text(spelling(text, self.defined).unwrap_or(anew)),
            RawValue::List(items) => Value::List(items.into_iter().map(|item| item.resolve(text, repeated)).collect()),
            RawValue::Map(entries) => Value::Map(resolve_entries(entries, text, repeated)),
        };
        Node {
            line: self.used.line(),
            value,
        }
    }
}

fn resolve_entries(entries: Vec<(Spanned<String>, Raw)>, text: &str, repeated: &mut Vec<(String, u64)>) -> Vec<Entry> {
    let mut resolved: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, value) in entries {
        let entry = Entry {
            line: key.referenced.line(),
            node: value.resolve(text, repeated),
            key: key.value,
        };
        match places.get(&entry.key) {
            Some(place) => {
                repeated.push((entry.key.clone(), entry.line));
                resolved[*place] = entry;
            }
            None => {
                places.insert(entry.key.clone(), resolved.len());
                resolved.push(entry);
            }
        }
    }
    resolved
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
