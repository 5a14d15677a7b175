//! Values as other services take them: numbers as text, texts as numbers, switches as words, and `null` for none.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A number, however it was written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Number(pub(super) Option<f64>);

/// A text, or a number or a truth value that stands for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) Option<String>);

/// A switch, as Rails reads one: what is no word for off is on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Switch(pub(super) Option<bool>);

/// Words that turn a switch off.
const OFF: [&str; 8] = ["0", "f", "F", "false", "FALSE", "False", "off", "OFF"];

impl Number {
    /// So many units of `scale`, such as milliseconds of seconds; `None` where it is absent or, as -1 is for some, negative.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float that is at least 0; `as` saturates"
    )]
    pub(super) fn times(self, scale: f64) -> Option<u64> {
        let scaled = self.0? * scale;
        (scaled >= 0.0).then(|| scaled.ceil() as u64)
    }
}

impl Text {
    pub(super) fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether it holds more than white space.
    pub(super) fn is_given(&self) -> bool {
        self.as_deref().is_some_and(|text| !text.trim().is_empty())
    }
}

impl Switch {
    pub(super) fn is_on(self) -> bool {
        self.0 == Some(true)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Option::<Written>::deserialize(deserializer)? {
            None => None,
            Some(Written::Number { value, .. }) => Some(value),
            Some(Written::Text(text)) if text.trim().is_empty() => None,
            Some(Written::Text(text)) => {
                let read = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                Some(read.ok_or_else(|| D::Error::custom(format!("{text:?} is no number")))?)
            }
            Some(Written::Truth(_)) => return Err(D::Error::custom("a truth value is no number")),
        };
        Ok(Self(number))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Written>::deserialize(deserializer)?.map(|written| match written {
            Written::Text(text) | Written::Number { text, .. } => text,
            Written::Truth(truth) => truth.to_string(),
        });
        Ok(Self(text))
    }
}

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_on = match Option::<Written>::deserialize(deserializer)? {
            None => None,
            Some(Written::Text(text)) if text.is_empty() => None,
            Some(Written::Text(text)) => Some(!OFF.contains(&text.as_str())),
            Some(Written::Number { value, .. }) => Some(value != 0.0),
            Some(Written::Truth(truth)) => Some(truth),
        };
        Ok(Self(is_on))
    }
}

/// A value that is neither a list nor an object. These are refused before they are read.
enum Written {
    Number {
        value: f64,
        /// With all its digits.
        text: String,
    },
    Text(String),
    Truth(bool),
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenVisitor)
    }
}

struct WrittenVisitor;

impl Visitor<'_> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Written, E> {
        Ok(Written::Truth(truth))
    }

    #[expect(clippy::cast_precision_loss, reason = "limits and ids, which are far smaller")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Written, E> {
        let (value, text) = (number as f64, number.to_string());
        Ok(Written::Number { value, text })
    }

    #[expect(clippy::cast_precision_loss, reason = "limits and ids, which are far smaller")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Written, E> {
        let (value, text) = (number as f64, number.to_string());
        Ok(Written::Number { value, text })
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Written, E> {
        let (value, text) = (number, format!("{number:?}"));
        Ok(Written::Number { value, text })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Written, E> {
        Ok(Written::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Written, E> {
        Ok(Written::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::document;

    #[test]
    fn values_are_read_as_they_are_meant() {
        let text = |text: &str| Some(Some(text.to_owned()));
        for (json, number, as_text, switch) in [
            ("null", Some(None), Some(None), Some(None)),
            ("\"\"", Some(None), text(""), Some(None)),
            ("2", Some(Some(2.0)), text("2"), Some(Some(true))),
            ("0", Some(Some(0.0)), text("0"), Some(Some(false))),
            ("1.0", Some(Some(1.0)), text("1.0"), Some(Some(true))),
            ("-7", Some(Some(-7.0)), text("-7"), Some(Some(true))),
            ("\" 1.5 \"", Some(Some(1.5)), text(" 1.5 "), Some(Some(true))),
            ("\"inf\"", None, text("inf"), Some(Some(true))),
            ("\"false\"", None, text("false"), Some(Some(false))),
            ("\"off\"", None, text("off"), Some(Some(false))),
            ("\"yes\"", None, text("yes"), Some(Some(true))),
            ("true", None, text("true"), Some(Some(true))),
            ("false", None, text("false"), Some(Some(false))),
            ("[]", None, None, None),
            ("{}", None, None, None),
        ] {
            let bytes = json.as_bytes();
            assert_eq!(document(bytes).ok().map(|Number(value)| value), number, "{json}");
            assert_eq!(document(bytes).ok().map(|Text(value)| value), as_text, "{json}");
            assert_eq!(document(bytes).ok().map(|Switch(value)| value), switch, "{json}");
        }
        let digits = "12345678901234567890";
        assert_eq!(document::<Text>(digits.as_bytes()).unwrap().as_deref(), Some(digits));
    }
}
