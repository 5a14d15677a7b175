//! The name of a test set.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// What a name begins with.
const ALGORITHM: &str = "sha256:";

/// Name of a test set: the SHA-256 of the bytes that were uploaded, written `sha256:` and 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestSetHash([u8; 32]);

impl TestSetHash {
    /// That of these bytes.
    pub fn of(json: &[u8]) -> Self {
        Self(Sha256::digest(json).into())
    }

    /// The digest.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for TestSetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}{}", hex::encode(self.0))
    }
}

impl fmt::Debug for TestSetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TestSetHash {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut digest = [0; 32];
        let digits = name
            .strip_prefix(ALGORITHM)
            .filter(|digits| !digits.contains(|c: char| c.is_ascii_uppercase()));
        // One name for one set: capitals would be another one.
        match digits.map(|digits| hex::decode_to_slice(digits, &mut digest)) {
            Some(Ok(())) => Ok(Self(digest)),
            _ => Err(format!(
                "{name:?} is no name of a test set, which is sha256: and 64 digits of 0-9a-f"
            )),
        }
    }
}

impl Serialize for TestSetHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TestSetHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for TestSetHash {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TestSetHash".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" })
    }
}
