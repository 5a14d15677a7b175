//! What led to an error whose message leaves that out, such as those of `reqwest`.

use std::error::Error;

/// The messages of all errors behind one, each after a colon.
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut messages = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        messages = format!("{messages}: {cause}");
        next = cause.source();
    }
    messages
}
