//! The comparison itself: two streams of bytes in, how far each was used out. It reads nothing and holds no stream.
//!
//! It moves between two phases: the gap between tokens, and a pair of tokens. Two shortcuts take most of the bytes of
//! a correct output, and only ever accept: [`common_tokens`] passes over all that is equal byte for byte, and
//! [`tokens_match`] over a pair of tokens that is in sight as a whole. What they do not take goes the long way, byte by
//! byte; an output is only ever rejected there.

use super::bytes::{common_tokens, is_white_space, token_length, white_space_length};
use super::flags::StandardFlags;
use super::message::{Finding, Place, reject};
use super::position::{Position, Stretch};
use super::token::{TokenPair, tokens_match};
use crate::checker::CheckOutcome;

/// How many bytes of each side a step took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used {
    pub(super) output: usize,
    pub(super) answer: usize,
}

impl Used {
    const NOTHING: Self = Self { output: 0, answer: 0 };
}

/// The state of comparing one output with one answer.
#[derive(Debug)]
pub(super) struct Comparison {
    flags: StandardFlags,
    phase: Phase,
    tokens: TokenPair,
    place: Place,
}

#[derive(Debug)]
enum Phase {
    Gap,
    Tokens,
    Decided(CheckOutcome),
}

impl Comparison {
    pub(super) fn new(flags: StandardFlags) -> Self {
        let place = Place {
            output: Position::START,
            answer: Position::START,
        };
        Self {
            flags,
            phase: Phase::Gap,
            tokens: TokenPair::new(flags),
            place,
        }
    }

    /// The outcome, once nothing that follows can change it.
    pub(super) const fn outcome(&self) -> Option<&CheckOutcome> {
        match &self.phase {
            Phase::Decided(outcome) => Some(outcome),
            Phase::Gap | Phase::Tokens => None,
        }
    }

    /// Goes one step further. Both sides give their next bytes, as many as there are; an empty side has ended.
    ///
    /// Every step uses bytes or changes the phase, so that steps repeated to the end of both sides decide.
    pub(super) fn step(&mut self, output: &[u8], answer: &[u8]) -> Used {
        match self.phase {
            Phase::Gap => self.step_in_gap(output, answer),
            Phase::Tokens => self.step_in_tokens(output, answer),
            Phase::Decided(_) => Used {
                output: output.len(),
                answer: 0,
            },
        }
    }

    /// Bytes of memory held.
    pub(super) fn held_bytes(&self) -> usize {
        self.tokens.held_bytes()
    }

    fn step_in_gap(&mut self, output: &[u8], answer: &[u8]) -> Used {
        let equal = common_tokens(output, answer);
        if equal > 0 {
            return self.pass_equal(&output[..equal]);
        }
        let starts_with_space = |bytes: &[u8]| bytes.first().copied().filter(|&byte| is_white_space(byte));
        match (starts_with_space(output), starts_with_space(answer)) {
            (None, None) => self.start_tokens(output, answer),
            (got, expected) if self.flags.space_change_sensitive => {
                self.decide_against(&Finding::WhiteSpace { expected, got })
            }
            _ => self.pass_space(
                &output[..white_space_length(output)],
                &answer[..white_space_length(answer)],
            ),
        }
    }

    /// Passes over bytes that both have, from one gap to another.
    fn pass_equal(&mut self, both: &[u8]) -> Used {
        let stretch = Stretch::of(both);
        self.place.output.pass(stretch);
        self.place.answer.pass(stretch);
        Used {
            output: both.len(),
            answer: both.len(),
        }
    }

    /// Passes over white space that may differ.
    fn pass_space(&mut self, output: &[u8], answer: &[u8]) -> Used {
        self.place.output.pass(Stretch::of(output));
        self.place.answer.pass(Stretch::of(answer));
        Used {
            output: output.len(),
            answer: answer.len(),
        }
    }

    /// No white space is next on either side: a token or the end.
    fn start_tokens(&mut self, output: &[u8], answer: &[u8]) -> Used {
        if output.is_empty() && answer.is_empty() {
            self.phase = Phase::Decided(CheckOutcome::accepted());
            return Used::NOTHING;
        }
        let (output_token, answer_token) = (token_length(output), token_length(answer));
        let in_sight = output_token < output.len() && answer_token < answer.len();
        if in_sight && tokens_match(&self.flags, &output[..output_token], &answer[..answer_token]) {
            self.pass_tokens();
            return Used {
                output: output_token,
                answer: answer_token,
            };
        }
        self.tokens.clear();
        self.phase = Phase::Tokens;
        Used::NOTHING
    }

    /// Reads both tokens to their ends, even after a difference: they may be numbers, and a message shows both.
    fn step_in_tokens(&mut self, output: &[u8], answer: &[u8]) -> Used {
        let (output_token, answer_token) = (token_length(output), token_length(answer));
        match (output_token, answer_token) {
            (0, 0) => self.judge_tokens(),
            (0, _) => {
                self.tokens.feed_answer(&answer[..answer_token]);
                Used {
                    output: 0,
                    answer: answer_token,
                }
            }
            (_, 0) => {
                self.tokens.feed_output(&output[..output_token]);
                Used {
                    output: output_token,
                    answer: 0,
                }
            }
            _ => {
                let both = output_token.min(answer_token);
                self.tokens.feed_both(&output[..both], &answer[..both]);
                Used {
                    output: both,
                    answer: both,
                }
            }
        }
    }

    fn judge_tokens(&mut self) -> Used {
        match self.tokens.judge() {
            Ok(()) => {
                self.pass_tokens();
                self.phase = Phase::Gap;
                Used::NOTHING
            }
            Err(finding) => self.decide_against(&finding),
        }
    }

    const fn pass_tokens(&mut self) {
        self.place.output.pass_token();
        self.place.answer.pass_token();
    }

    fn decide_against(&mut self, finding: &Finding) -> Used {
        self.phase = Phase::Decided(reject(finding, self.place, &self.flags));
        Used::NOTHING
    }
}
