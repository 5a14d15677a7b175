//! What holds for any answer, output, flags and chunks.

use std::io::{ErrorKind, Read};

use assize::checker::{CheckOutcome, StandardChecker, StandardFlags};
use proptest::prelude::*;

use crate::default_validator::{check_in_chunks, plain};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_stream_agrees_with_the_plain_rules((answer, output) in any_pair(), flags in any_flags()) {
        let outcome = check_in_chunks(flags, &answer, &[&output]);
        prop_assert_eq!(outcome.accepted, plain::accepts(&flags, &answer, &output), "{:?}", outcome);
        prop_assert_eq!(outcome.judge_message.is_some(), !outcome.accepted);
    }

    #[test]
    fn chunks_change_neither_outcome_nor_message(
        (answer, output) in any_pair(),
        flags in any_flags(),
        size in 1..9usize,
        answer_size in 1..9usize,
    ) {
        let whole = check_in_chunks(flags, &answer, &[&output]);
        let mut checker = StandardChecker::new(flags, InPieces { rest: &answer, size: answer_size, interrupted: false });
        for chunk in output.chunks(size) {
            checker.push(chunk).unwrap();
        }
        prop_assert_eq!(checker.finish().unwrap(), whole);
    }

    #[test]
    fn the_answer_itself_is_always_accepted(answer in any_text(), flags in any_flags()) {
        prop_assert_eq!(check_in_chunks(flags, &answer, &[&answer]), CheckOutcome::accepted());
    }

    #[test]
    fn reflowed_white_space_is_accepted_unless_it_matters(
        tokens in proptest::collection::vec("[a-z0-9.]{1,8}", 1..9),
        gaps in proptest::collection::vec("[ \t\r\n\x0b\x0c]{1,3}", 9),
        flags in any_flags(),
    ) {
        let answer = tokens.join(" ");
        let output: String = tokens.iter().zip(&gaps).flat_map(|(token, gap)| [token.as_str(), gap]).collect();
        let outcome = check_in_chunks(flags, answer.as_bytes(), &[output.as_bytes()]);
        prop_assert_eq!(outcome.accepted, !flags.space_change_sensitive);
    }
}

fn any_flags() -> impl Strategy<Value = StandardFlags> {
    let tolerance = || {
        prop_oneof![
            Just(None),
            Just(Some(0.0)),
            Just(Some(0.25)),
            Just(Some(1e-9)),
            Just(Some(2.0))
        ]
    };
    (any::<bool>(), any::<bool>(), tolerance(), tolerance()).prop_map(
        |(case_sensitive, space_change_sensitive, absolute_tolerance, relative_tolerance)| StandardFlags {
            case_sensitive,
            space_change_sensitive,
            absolute_tolerance,
            relative_tolerance,
        },
    )
}

fn any_token() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[+-]?[0-9]{1,3}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{1,3})?".prop_map(String::into_bytes),
        2 => "[aAbB]{1,3}".prop_map(String::into_bytes),
        1 => "[0-9.eE+x-]{1,5}".prop_map(String::into_bytes),
        1 => "(nan|NaN|inf|-INF|1e400|0x1|0{900}1|[12]{850}(e-849)?)".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 1..4),
    ]
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let gap = "[ \n]|[ \t\r\n\x0b\x0c]{0,3}".prop_map(String::into_bytes);
    proptest::collection::vec((gap, any_token()), 0..6)
        .prop_flat_map(|parts| ("[ \n]{0,2}", Just(parts)))
        .prop_map(|(end, parts)| {
            let mut text: Vec<u8> = parts
                .into_iter()
                .flat_map(|(gap, token)| [gap, token].concat())
                .collect();
            text.extend(end.into_bytes());
            text
        })
}

/// An answer and an output that is mostly, but not always, near to it.
fn any_pair() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let edit = (
        any::<prop::sample::Index>(),
        prop_oneof![Just(b' '), Just(b'0'), Just(b'9'), Just(b'B'), any::<u8>()],
    );
    (any_text(), proptest::collection::vec(edit, 0..3), any_text(), 0..6u8).prop_map(|(answer, edits, other, kind)| {
        let mut output = if kind == 0 { other } else { answer.clone() };
        for (index, byte) in edits {
            match (kind, output.len()) {
                (_, 0) => output.push(byte),
                (1, length) => output.insert(index.index(length), byte),
                (2, length) => drop(output.remove(index.index(length))),
                (_, length) => output[index.index(length)] = byte,
            }
        }
        (answer, output)
    })
}

/// A reader that gives a few bytes at a time, every other call being interrupted.
struct InPieces<'a> {
    rest: &'a [u8],
    size: usize,
    interrupted: bool,
}

impl Read for InPieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        let (piece, rest) = self.rest.split_at(self.size.min(self.rest.len()).min(buffer.len()));
        buffer[..piece.len()].copy_from_slice(piece);
        self.rest = rest;
        Ok(piece.len())
    }
}
