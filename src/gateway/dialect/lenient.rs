//! Numbers as other services take them: also as text, and `null` for none.

use serde::{Deserialize, Deserializer};

/// A number, however it was written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Number(pub(super) Option<f64>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Option::<Written>::deserialize(deserializer)? {
            None => None,
            Some(Written::Number(number)) => Some(number),
            Some(Written::Text(text)) if text.trim().is_empty() => None,
            Some(Written::Text(text)) => {
                let read = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
                Some(read.ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no number")))?)
            }
        };
        Ok(Self(number))
    }
}

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
