//! Lists of which only so much is read as can be used: a list of many small values takes far more memory than its JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The first values of a list, at most `MOST`, and how many it has. What is behind them takes no memory.
#[derive(Debug, Clone)]
pub(super) struct FirstOf<T, const MOST: usize> {
    pub(super) values: Vec<T>,
    pub(super) length: usize,
}

impl<T, const MOST: usize> Default for FirstOf<T, MOST> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            length: 0,
        }
    }
}

impl<T, const MOST: usize> FirstOf<T, MOST> {
    /// All values, if there are no more than `MOST`.
    pub(super) fn whole(self) -> Option<Vec<T>> {
        (self.values.len() == self.length).then_some(self.values)
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for FirstOf<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ListVisitor<T, MOST> {
    type Value = FirstOf<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut first = FirstOf::default();
        while first.length < MOST {
            let Some(value) = list.next_element()? else {
                return Ok(first);
            };
            first.values.push(value);
            first.length += 1;
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            first.length += 1;
        }
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::document;

    #[test]
    fn values_behind_the_first_are_counted_and_not_kept() {
        for (json, kept, length) in [("[]", 0, 0), ("[1,2]", 2, 2), ("[1,2,{},\"x\"]", 2, 4)] {
            let first: FirstOf<u8, 2> = document(json.as_bytes()).unwrap();
            assert_eq!((first.values.len(), first.length), (kept, length), "{json}");
            assert_eq!(first.whole().is_some(), length <= 2, "{json}");
        }
        assert!(document::<FirstOf<u8, 2>>(b"[1,{}]").is_err());
    }
}
