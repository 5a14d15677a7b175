//! Outputs and answers that are long, or cannot be read.

use std::io::Read;

use assize::checker::{AnswerError, StandardChecker, StandardFlags};

use crate::default_validator::{check, words};

#[test]
fn a_token_of_a_million_characters_is_compared_to_its_end() {
    let long = |last: &str| format!("{}{last}\n", "7".repeat(1_000_000)).into_bytes();
    assert!(check("", &long("1"), &long("1")).accepted);
    let outcome = check("", &long("1"), &long("2"));
    assert!(!outcome.accepted);
    let message = outcome.judge_message.unwrap();
    assert!(
        message.contains("\"7777777777777777...1...\" (1000001 bytes)"),
        "{message}"
    );
    assert!(message.len() < 300, "{message}");

    let fraction = |last: &str| format!("0.{}{last}\n", "3".repeat(1_000_000)).into_bytes();
    assert!(check("float_tolerance 1e-9", &fraction("1"), &fraction("2")).accepted);
    assert!(check("float_tolerance 1e-9", &fraction(""), b"0.3333333333\n").accepted);
    assert!(!check("float_tolerance 1e-9", &fraction(""), b"0.3334\n").accepted);
    let scaled = format!("0.{}5e1000001\n", "0".repeat(1_000_000));
    assert!(check("float_tolerance 1e-9", b"5\n", scaled.as_bytes()).accepted);
    assert!(!check("float_tolerance 1e-9", b"0\n", scaled.as_bytes()).accepted);
}

#[test]
fn an_unreadable_answer_is_our_error_and_no_outcome() {
    struct Unreadable;
    impl Read for Unreadable {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("bad sector"))
        }
    }
    let mut checker = StandardChecker::new(StandardFlags::default(), Unreadable);
    let error: AnswerError = checker.push(b"1\n").unwrap_err();
    assert!(error.to_string().contains("judge's answer"));
    assert!(
        StandardChecker::new(StandardFlags::default(), Unreadable)
            .finish()
            .is_err()
    );
}

/// The same bytes over and over, up to a length.
fn endless(pattern: &'static [u8], length: u64) -> impl Read {
    struct Repeat(&'static [u8], usize);
    impl Read for Repeat {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let tail = &self.0[self.1..];
            let count = tail.len().min(buffer.len());
            buffer[..count].copy_from_slice(&tail[..count]);
            self.1 = (self.1 + count) % self.0.len();
            Ok(count)
        }
    }
    Repeat(pattern, 0).take(length)
}

#[test]
fn memory_stays_the_same_for_100_megabytes_and_for_a_token_of_that_length() {
    const LENGTH: u64 = 100_000_000;
    const BOUND: usize = 72 * 1024;
    let lines: &[u8] = &b"1234 abcde 56.789\n".repeat(4096);
    let lines: &'static [u8] = Box::leak(lines.into());
    for (flags, pattern) in [
        ("", lines),
        ("float_tolerance 1e-6", lines),
        ("", &[b'x'; 8192]),
        ("float_tolerance 1", &[b'7'; 8192]),
    ] {
        let flags = StandardFlags::parse(&words(flags)).unwrap();
        let mut checker = StandardChecker::new(flags, endless(pattern, LENGTH));
        let mut output = endless(pattern, LENGTH);
        let mut chunk = vec![0; 100_000];
        loop {
            let count = output.read(&mut chunk).unwrap();
            if count == 0 {
                break;
            }
            checker.push(&chunk[..count]).unwrap();
            assert!(checker.held_bytes() <= BOUND, "holds {} bytes", checker.held_bytes());
        }
        assert!(checker.finish().unwrap().accepted);
    }
}
