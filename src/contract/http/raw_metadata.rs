//! Metadata of a request that is not checked yet.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::contract::json::example::Example;
use crate::contract::json::read::read_like;
use crate::contract::{Data, Metadata, Rejected, RejectionCode, SubmissionCaps};

/// How much longer than their shortest form metadata may be written: with spaces, and with letters as `\u00e9`.
const LONGER: usize = 4;

/// Metadata as they were written. As values of JSON they take many times as much memory, so these are made of them once it is
/// known that there are no more than a submission may have.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RawMetadata(Option<Data>);

impl RawMetadata {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        let inner = self.0.as_ref().map(|data| data.json().trim_matches(['{', '}']));
        inner.is_none_or(|inner| inner.trim().is_empty())
    }

    /// The values, which are still to be held against the cap in their shortest form.
    pub(super) fn read(&self, caps: &SubmissionCaps) -> Result<Metadata, Rejected> {
        let Some(data) = &self.0 else {
            return Ok(Metadata::new());
        };
        let field = || Some("metadata".to_owned());
        let (length, most) = (data.json().len(), caps.metadata_bytes);
        if length > most.saturating_mul(LONGER) {
            let reason = format!("has {length} bytes, at most {most} are allowed");
            return Err(Rejected::new(RejectionCode::TooLarge, field(), reason));
        }
        read_like(data.json().as_bytes(), Example::None).map_err(|rejected| Rejected {
            field: field(),
            ..rejected
        })
    }
}

impl From<Metadata> for RawMetadata {
    fn from(metadata: Metadata) -> Self {
        let some = Some(metadata).filter(|metadata| !metadata.is_empty());
        Self(some.map(|metadata| Data::from(serde_json::Value::Object(metadata))))
    }
}

impl<'de> Deserialize<'de> for RawMetadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let data = Data::deserialize(deserializer)?;
        if data.json().starts_with('{') {
            return Ok(Self(Some(data)));
        }
        // What it is instead is told without the place in it, for it is one of the whole request.
        let error = serde_json::from_str::<Metadata>(data.json())
            .err()
            .map(|error| error.to_string());
        let said = error.unwrap_or_default();
        let place = said.rfind(" at line ").unwrap_or(said.len());
        Err(D::Error::custom(&said[..place]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: SubmissionCaps = SubmissionCaps {
        metadata_bytes: 10,
        ..SubmissionCaps::UNLIMITED
    };

    #[test]
    fn metadata_become_values_where_they_are_not_too_long() {
        let spaces = format!("{{{}}}", " ".repeat(38));
        let longer = format!("{{{}}}", " ".repeat(39));
        for (json, is_empty, read) in [
            ("{}", true, Ok(0)),
            ("{ }", true, Ok(0)),
            (r#"{"a": {}}"#, false, Ok(1)),
            (&spaces, true, Ok(0)),
            (&longer, true, Err(RejectionCode::TooLarge)),
            (r#"{"a": 1e999}"#, false, Err(RejectionCode::Schema)),
        ] {
            let raw: RawMetadata = serde_json::from_str(json).unwrap();
            assert_eq!(raw.is_empty(), is_empty, "{json}");
            let values = raw.read(&CAPS).map(|metadata| metadata.len());
            assert_eq!(values.map_err(|rejected| rejected.code), read, "{json}");
        }
        assert!(RawMetadata::default().is_empty() && RawMetadata::from(Metadata::new()).is_empty());
        let error = serde_json::from_str::<RawMetadata>("[[7]]").unwrap_err().to_string();
        let place = error.strip_prefix("invalid type: sequence, expected a map");
        assert!(place.is_some_and(|place| place.matches("line").count() <= 1), "{error}");
    }
}
