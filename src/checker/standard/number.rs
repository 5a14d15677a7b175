//! Numbers in outputs, by the grammar that format 2025-09 gives: decimal, with an optional exponent.
//!
//! ```text
//! [+-]? ( digit* "." digit+ | digit+ "." | digit+ ) ( [Ee] [+-]? digit+ )?
//! ```
//!
//! So `.5`, `5.`, `007`, `+1` and `-0` are numbers; `nan`, `inf`, `0x10`, `1e` and `1,5` are not. A number beyond the
//! range of a 64-bit float, such as `1e400`, has no value to compare either. (`str::parse` follows the same grammar, plus
//! the names of infinity and NaN.)

/// Longer tokens are read piece by piece by [`Numeral`]: `str::parse` miscounts exponents beyond some hundred thousand.
const WHOLE_LIMIT: usize = 1024;

/// Digits that can change the nearest 64-bit float are the first 767; of those after them only matters whether one is
/// not zero.
const KEPT_DIGITS: usize = 800;

/// Larger than any exponent that the digits of a real output could bring back into range.
const EXPONENT_CAP: i64 = 1_000_000_000_000_000;

/// The finite value of a token that is a number, rounded to the nearest 64-bit float.
pub(super) fn parse_number(token: &[u8]) -> Option<f64> {
    if token.len() > WHOLE_LIMIT {
        let mut numeral = Numeral::default();
        numeral.feed(token);
        return numeral.value();
    }
    let spelled_in_digits = token
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    let text = std::str::from_utf8(token).ok().filter(|_| spelled_in_digits)?;
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number that arrives in pieces, of any length, in constant memory. Gives what [`parse_number`] gives.
#[derive(Debug, Default)]
pub(super) struct Numeral {
    state: State,
    negative: bool,
    /// The significant digits, up to [`KEPT_DIGITS`].
    digits: Vec<u8>,
    /// Whether a digit that was not kept is not zero.
    inexact: bool,
    /// The value is `digits` times ten to the power of `scale` plus the written exponent.
    scale: i64,
    exponent: i64,
    exponent_negative: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Start,
    Sign,
    Integer,
    /// A point with no digit before it: at least one must follow.
    BarePoint,
    Fraction,
    ExponentMark,
    ExponentSign,
    Exponent,
    NotANumber,
}

impl Numeral {
    /// Ready for another token, with its memory kept.
    pub(super) fn clear(&mut self) {
        let mut digits = std::mem::take(&mut self.digits);
        digits.clear();
        *self = Self {
            digits,
            ..Self::default()
        };
    }

    /// Reads the next bytes of the token.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.state == State::NotANumber {
                return;
            }
            let surplus = self.surplus_digits(bytes);
            if surplus > 0 {
                self.drop_digits(&bytes[..surplus]);
                bytes = &bytes[surplus..];
            } else {
                self.step(byte);
                bytes = rest;
            }
        }
    }

    /// The finite value, if the whole token was a number.
    pub(super) fn value(&self) -> Option<f64> {
        if !matches!(self.state, State::Integer | State::Fraction | State::Exponent) {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self.digits.iter().map(|&digit| char::from(digit)).collect();
        let exponent = if self.exponent_negative {
            -self.exponent
        } else {
            self.exponent
        };
        // Any further digit that is not zero lifts the number off the middle between two floats.
        let (sticky, scale) = if self.inexact {
            ("1", self.scale - 1)
        } else {
            ("", self.scale)
        };
        let text = format!("{sign}0{digits}{sticky}e{}", scale + exponent);
        text.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// Bytes of memory held.
    pub(super) fn held_bytes(&self) -> usize {
        self.digits.capacity()
    }

    fn step(&mut self, byte: u8) {
        use State::{BarePoint, Exponent, ExponentMark, ExponentSign, Fraction, Integer, NotANumber, Sign, Start};
        self.state = match (self.state, byte) {
            (Start | Sign | Integer, b'0'..=b'9') => self.keep_digit(byte, Integer),
            (BarePoint | Fraction, b'0'..=b'9') => self.keep_digit(byte, Fraction),
            (ExponentMark | ExponentSign | Exponent, b'0'..=b'9') => {
                self.exponent = (self.exponent * 10 + i64::from(byte - b'0')).min(EXPONENT_CAP);
                Exponent
            }
            (Start, b'+' | b'-') => {
                self.negative = byte == b'-';
                Sign
            }
            (ExponentMark, b'+' | b'-') => {
                self.exponent_negative = byte == b'-';
                ExponentSign
            }
            (Start | Sign, b'.') => BarePoint,
            (Integer, b'.') => Fraction,
            (Integer | Fraction, b'e' | b'E') => ExponentMark,
            _ => NotANumber,
        };
    }

    /// Only called while there is room. Leading zeros do not count.
    fn keep_digit(&mut self, digit: u8, part: State) -> State {
        if digit != b'0' || !self.digits.is_empty() {
            self.digits.push(digit);
        }
        if part == State::Fraction {
            self.scale -= 1;
        }
        part
    }

    /// How many digits come next that there is no room for, or no need to look at one by one.
    fn surplus_digits(&self, bytes: &[u8]) -> usize {
        if self.digits.len() < KEPT_DIGITS || !matches!(self.state, State::Integer | State::Fraction) {
            return 0;
        }
        bytes
            .iter()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(bytes.len())
    }

    fn drop_digits(&mut self, digits: &[u8]) {
        self.inexact = self.inexact || digits.iter().any(|&digit| digit != b'0');
        if self.state == State::Integer {
            self.scale += i64::try_from(digits.len()).unwrap_or(EXPONENT_CAP);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Numeral, parse_number};

    fn parse_in_pieces(token: &str, size: usize) -> Option<f64> {
        let mut numeral = Numeral::default();
        token.as_bytes().chunks(size).for_each(|piece| numeral.feed(piece));
        numeral.value()
    }

    fn parse_plainly(token: &str) -> Option<f64> {
        token
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite() && !token.contains(['n', 'N']))
    }

    #[test]
    fn a_digit_far_behind_still_decides_between_two_floats() {
        // Exactly in the middle between 1 and the next float; the tie goes to 1.
        let middle = "1.00000000000000011102230246251565404236316680908203125";
        let zeros = "0".repeat(100_000);
        assert_eq!(parse_in_pieces(&format!("{middle}{zeros}"), 7), Some(1.0));
        assert_eq!(
            parse_in_pieces(&format!("{middle}{zeros}1{zeros}"), 7),
            Some(1.0 + f64::EPSILON)
        );
        assert_eq!(parse_in_pieces(&format!("{zeros}1{zeros}e-100000"), 1000), Some(1.0));
        assert_eq!(
            parse_in_pieces(&format!("-0.{zeros}1{zeros}e+100001"), 1000),
            Some(-1.0)
        );
        assert_eq!(parse_in_pieces(&format!("1e{}", "9".repeat(1000)), 3), None);
        assert_eq!(parse_in_pieces(&format!("1e-{}", "9".repeat(1000)), 3), Some(0.0));
    }

    proptest! {
        #[test]
        fn a_number_in_pieces_has_the_value_of_the_whole(
            token in "[+-]?[0-9]{0,20}\\.?[0-9]{0,20}([eE][+-]?[0-9]{0,3})?|[0-9.eE+-]{0,6}|nan|inf|0x1|[0-9]{900}(e-[0-9]{3})?",
            size in 1..9usize,
        ) {
            prop_assert_eq!(parse_number(token.as_bytes()), parse_plainly(&token));
            prop_assert_eq!(parse_in_pieces(&token, size), parse_plainly(&token));
        }

        #[test]
        fn every_float_written_exactly_is_read_exactly(value in any::<f64>(), size in 1..9usize) {
            for token in [format!("{value:e}"), format!("{value:.1200}"), format!("{value}")] {
                prop_assert_eq!(parse_in_pieces(&token, size), parse_plainly(&token));
            }
        }
    }
}
