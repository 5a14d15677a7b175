//! One token of the output against one of the answer, fed in pieces of any size, in constant memory.
//!
//! Neither token is held: what is kept is whether they are still the same, the number each may spell, and as much of
//! both as a message quotes.

use super::bytes::common_prefix;
use super::flags::StandardFlags;
use super::message::Finding;
use super::number::{Numeral, parse_number};

/// A token of up to this many bytes is quoted whole; of a longer one, this much of its beginning is kept.
const HEAD: usize = 48;
/// Bytes quoted from the first difference of a long token on.
const TAIL: usize = 24;
/// Bytes quoted of the beginning of a long token.
const SHORT_HEAD: usize = 16;

/// Whether two whole tokens match, by the rules of the flags.
pub(super) fn tokens_match(flags: &StandardFlags, output: &[u8], answer: &[u8]) -> bool {
    same_text(flags, output, answer) || (flags.compares_numbers() && same_number(flags, output, answer))
}

fn same_text(flags: &StandardFlags, output: &[u8], answer: &[u8]) -> bool {
    // Folds the 26 ASCII letters only, as the format says: other alphabets need the very same bytes.
    output == answer || (!flags.case_sensitive && output.eq_ignore_ascii_case(answer))
}

fn same_number(flags: &StandardFlags, output: &[u8], answer: &[u8]) -> bool {
    match (parse_number(answer), parse_number(output)) {
        (Some(expected), Some(got)) => flags.tolerates(expected, got),
        _ => false,
    }
}

/// The two tokens being read.
#[derive(Debug)]
pub(super) struct TokenPair {
    flags: StandardFlags,
    output: Token,
    answer: Token,
    same: bool,
}

impl TokenPair {
    pub(super) fn new(flags: StandardFlags) -> Self {
        Self {
            flags,
            output: Token::default(),
            answer: Token::default(),
            same: true,
        }
    }

    pub(super) fn clear(&mut self) {
        self.output.clear();
        self.answer.clear();
        self.same = true;
    }

    /// Reads the same number of bytes of both.
    pub(super) fn feed_both(&mut self, output: &[u8], answer: &[u8]) {
        let same = if self.same {
            self.common_length(output, answer)
        } else {
            0
        };
        let (output_same, output_rest) = output.split_at(same);
        let (answer_same, answer_rest) = answer.split_at(same);
        self.feed(output_same, answer_same);
        self.same = self.same && output_rest.is_empty();
        self.feed(output_rest, answer_rest);
    }

    /// Reads more of the output's token, when the answer's has ended.
    pub(super) fn feed_output(&mut self, bytes: &[u8]) {
        self.same = false;
        self.feed(bytes, &[]);
    }

    /// Reads more of the answer's token, when the output's has ended.
    pub(super) fn feed_answer(&mut self, bytes: &[u8]) {
        self.same = false;
        self.feed(&[], bytes);
    }

    /// What is wrong with the output's token, now that both have ended. An empty one stands for the end of the file.
    pub(super) fn judge(&self) -> Result<(), Finding> {
        if self.same {
            return Ok(());
        }
        let (expected, got) = (self.answer.quote(), self.output.quote());
        if self.output.length == 0 {
            return Err(Finding::Missing { expected });
        }
        if self.answer.length == 0 {
            return Err(Finding::Trailing { got });
        }
        let (answer_value, output_value) = (self.answer.value(&self.flags), self.output.value(&self.flags));
        match (answer_value, output_value) {
            (None, _) => Err(Finding::Different { expected, got }),
            (Some(_), None) => Err(Finding::NotANumber { expected, got }),
            (Some(answer), Some(output)) if self.flags.tolerates(answer, output) => Ok(()),
            (Some(answer), Some(output)) => Err(Finding::TooFar {
                expected,
                got,
                difference: output - answer,
            }),
        }
    }

    /// Bytes of memory held for the two tokens.
    pub(super) fn held_bytes(&self) -> usize {
        self.output.held_bytes() + self.answer.held_bytes()
    }

    fn common_length(&self, output: &[u8], answer: &[u8]) -> usize {
        let exact = common_prefix(output, answer);
        if self.flags.case_sensitive {
            return exact;
        }
        let rest = output[exact..].iter().zip(&answer[exact..]);
        exact
            + rest
                .take_while(|(output, answer)| output.eq_ignore_ascii_case(answer))
                .count()
    }

    fn feed(&mut self, output: &[u8], answer: &[u8]) {
        for (token, bytes) in [(&mut self.output, output), (&mut self.answer, answer)] {
            token.keep_quotable(bytes, self.same);
            if self.flags.compares_numbers() {
                token.numeral.feed(bytes);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Token {
    length: u64,
    head: Vec<u8>,
    /// From the first difference on.
    tail: Vec<u8>,
    numeral: Numeral,
}

impl Token {
    fn clear(&mut self) {
        self.length = 0;
        self.head.clear();
        self.tail.clear();
        self.numeral.clear();
    }

    fn keep_quotable(&mut self, bytes: &[u8], same: bool) {
        self.length += bytes.len() as u64;
        extend_up_to(&mut self.head, bytes, HEAD);
        if !same {
            extend_up_to(&mut self.tail, bytes, TAIL);
        }
    }

    fn value(&self, flags: &StandardFlags) -> Option<f64> {
        flags.compares_numbers().then(|| self.numeral.value())?
    }

    /// The token in quotes, escaped; of a long one its beginning and what follows the first difference.
    fn quote(&self) -> String {
        if self.length <= HEAD as u64 {
            return format!("\"{}\"", escape(&self.head));
        }
        let head = escape(&self.head[..SHORT_HEAD]);
        format!("\"{head}...{}...\" ({} bytes)", escape(&self.tail), self.length)
    }

    fn held_bytes(&self) -> usize {
        self.head.capacity() + self.tail.capacity() + self.numeral.held_bytes()
    }
}

fn extend_up_to(kept: &mut Vec<u8>, bytes: &[u8], limit: usize) {
    let room = limit.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

/// Printable text as it is, all else escaped: nothing in an output may steer a terminal or break a log line.
fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.extend(chunk.valid().escape_debug());
        text.extend(chunk.invalid().escape_ascii().map(char::from));
    }
    text
}
