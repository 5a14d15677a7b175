//! Fields of a test: what is in them, and how one is refused.

use crate::contract::check::files::Check;
use crate::contract::test_cases::call::Data;
use crate::contract::{Rejected, RejectionCode};
use crate::value::Value;

/// Whether it is a name of Python, or several with dots between them.
pub(super) fn are_names(text: &str) -> bool {
    let is_name = |part: &str| {
        let mut characters = part.chars();
        let begins = characters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_');
        begins && characters.all(|next| next.is_alphanumeric() || next == '_')
    };
    text.split('.').all(is_name)
}

pub(super) fn value_of(field: String, data: &Data) -> Check<Value> {
    data.value().map_err(|error| wrong(field, &error.to_string()))
}

pub(in crate::contract) fn wrong(field: String, reason: &str) -> Rejected {
    Rejected::new(RejectionCode::Schema, Some(field), reason.to_owned())
}
