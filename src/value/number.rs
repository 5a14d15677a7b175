//! Numbers as they are written: digits, decimals and fractions.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Signed as _};

/// Digits of a number in decimal notation, at most, as in Python (`sys.int_info.default_max_str_digits`): reading more
/// takes time that grows with the square of their number.
const DIGITS: usize = 4300;

/// Bits of the parts of a fraction that is brought to lowest terms, at most; decimal notation has no more. To look for
/// a common factor takes time that grows with the square of them.
const REDUCED_BITS: u64 = 16_384;

/// Of the first digit of a decimal, as in Python (`decimal.MAX_EMAX`).
const LARGEST_EXPONENT: i64 = 999_999_999_999_999_999;

/// Of the last one (`decimal.MIN_ETINY`).
const SMALLEST_EXPONENT: i64 = -1_999_999_999_999_999_997;

/// `decimal.Decimal`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decimal {
    /// A coefficient, and the power of ten that it is multiplied with.
    Finite(BigInt, i64),
    /// Infinity, with whether it is the positive one.
    Infinite(bool),
    /// Not a number.
    Nan,
}

impl Decimal {
    /// Reads what `str` makes of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (false, rest),
            None => (true, text.strip_prefix('+').unwrap_or(text)),
        };
        match rest {
            "Infinity" => return Some(Self::Infinite(sign)),
            "NaN" => return Some(Self::Nan),
            _ => {}
        }
        let (digits, exponent) = match rest.split_once(['E', 'e']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let coefficient = integer(&format!("{whole}{part}"))?;
        let exponent = exponent.checked_sub(i64::try_from(part.len()).ok()?)?;
        let first = exponent.checked_add(i64::try_from(whole.len() + part.len()).ok()?)? - 1;
        let is_decimal = first <= LARGEST_EXPONENT && exponent >= SMALLEST_EXPONENT;
        is_decimal.then_some(Self::Finite(if sign { coefficient } else { -coefficient }, exponent))
    }
}

/// Digits as a number.
pub(crate) fn integer(digits: &str) -> Option<BigInt> {
    let is_readable = !digits.is_empty() && digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_readable.then(|| digits.parse().ok()).flatten()
}

/// An `int` as Python's `hex` or `str` writes it. In hexadecimal notation it can be of any length.
pub(super) fn parse_int(text: &str) -> Option<BigInt> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let number = match rest.strip_prefix("0x") {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => BigInt::parse_bytes(hex.as_bytes(), 16),
        // Python takes no digits behind a 0 at the beginning.
        None if rest == "0" || !rest.starts_with('0') => integer(rest),
        Some(_) | None => None,
    };
    Some(number? * sign)
}

/// A fraction `n/d` in lowest terms. One whose parts are longer than [`REDUCED_BITS`] is taken as it is: Python writes
/// every fraction in lowest terms, and any other one equals none.
pub(super) fn parse_fraction(text: &str) -> Option<(BigInt, BigInt)> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let (numerator, denominator) = (parse_int(numerator)?, parse_int(denominator)?);
    denominator.is_positive().then(|| lowest_terms(numerator, denominator))
}

fn lowest_terms(numerator: BigInt, denominator: BigInt) -> (BigInt, BigInt) {
    if numerator.bits().max(denominator.bits()) > REDUCED_BITS {
        return (numerator, denominator);
    }
    let common = numerator.gcd(&denominator);
    if common.is_one() {
        return (numerator, denominator);
    }
    (numerator / &common, denominator / common)
}
