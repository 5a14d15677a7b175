//! Settings that are one of some words.

use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize as _, Deserializer};

/// Reads one of the words of an enum. The crate `config` would tell its variants by their names in the code, and not say
/// which words there are.
pub(super) fn choice<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let word = String::deserialize(deserializer)?;
    T::deserialize(IntoDeserializer::<D::Error>::into_deserializer(word))
}
