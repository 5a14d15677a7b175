//! The default output validator against the words of the problem package format.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flags;
mod messages;
mod plain;
mod properties;
mod rules;
mod streaming;

use assize::checker::{CheckOutcome, StandardChecker, StandardFlags};

fn words(flags: &str) -> Vec<String> {
    flags.split_whitespace().map(str::to_owned).collect()
}

fn check_in_chunks(flags: StandardFlags, answer: &[u8], chunks: &[&[u8]]) -> CheckOutcome {
    let mut checker = StandardChecker::new(flags, answer);
    for chunk in chunks {
        checker.push(chunk).unwrap();
    }
    checker.finish().unwrap()
}

fn check(flags: &str, answer: &[u8], output: &[u8]) -> CheckOutcome {
    check_in_chunks(StandardFlags::parse(&words(flags)).unwrap(), answer, &[output])
}
