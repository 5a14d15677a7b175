//! Numbers that are compared by what they are worth, whatever their type, as Python does.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};

/// Digits of a number in decimal notation, at most, as in Python (`sys.int_info.default_max_str_digits`): reading more
/// takes time that grows with the square of their number.
const DIGITS: usize = 4300;

/// Decimals with larger exponents are compared by their digits: written out, they would take up any amount of memory.
const WRITTEN_OUT: u32 = 6000;

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

/// What a real number is worth. Equal numbers are equal here, whatever their types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Real {
    /// In lowest terms.
    Ratio(BigInt, BigInt),
    /// A coefficient that does not end in 0, and a power of ten.
    FarDecimal(BigInt, i64),
    Infinite(bool),
    /// All of them count as the same: who expects NaN wants to see it.
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

/// A fraction `n/d` in lowest terms.
pub(super) fn parse_fraction(text: &str) -> Option<(BigInt, BigInt)> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let (numerator, denominator) = (parse_int(numerator)?, parse_int(denominator)?);
    denominator.is_positive().then(|| lowest_terms(numerator, denominator))
}

fn lowest_terms(numerator: BigInt, denominator: BigInt) -> (BigInt, BigInt) {
    let common = numerator.gcd(&denominator);
    if common.is_one() {
        return (numerator, denominator);
    }
    (numerator / &common, denominator / common)
}

impl Real {
    pub(super) fn of_int(number: &BigInt) -> Self {
        Self::Ratio(number.clone(), BigInt::one())
    }

    /// Exactly: every float is a whole number times a power of two.
    pub(super) fn of_float(number: f64) -> Self {
        if number.is_nan() {
            return Self::Nan;
        }
        if number.is_infinite() {
            return Self::Infinite(number > 0.0);
        }
        let (mantissa, exponent, sign) = num_traits::Float::integer_decode(number);
        let mantissa = BigInt::from(mantissa) * sign;
        let power = BigInt::one() << exponent.unsigned_abs();
        match exponent < 0 {
            true => {
                let (numerator, denominator) = lowest_terms(mantissa, power);
                Self::Ratio(numerator, denominator)
            }
            false => Self::Ratio(mantissa * power, BigInt::one()),
        }
    }

    pub(super) fn of_decimal(number: &Decimal) -> Self {
        let (coefficient, exponent) = match number {
            Decimal::Nan => return Self::Nan,
            Decimal::Infinite(sign) => return Self::Infinite(*sign),
            Decimal::Finite(coefficient, _) if coefficient.is_zero() => return Self::of_int(coefficient),
            Decimal::Finite(coefficient, exponent) => without_zeros(coefficient.clone(), *exponent),
        };
        let power = match u32::try_from(exponent.unsigned_abs()) {
            Ok(power) if power <= WRITTEN_OUT => BigInt::from(10).pow(power),
            _ => return Self::FarDecimal(coefficient, exponent),
        };
        if exponent >= 0 {
            return Self::of_int(&(coefficient * power));
        }
        let (numerator, denominator) = lowest_terms(coefficient, power);
        Self::Ratio(numerator, denominator)
    }

    /// Whether it differs from what was expected by no more than the larger of `abs` and `rel` times that, exactly;
    /// `None` where one of them is no quotient of whole numbers.
    pub(super) fn is_near(&self, expected: &Self, rel: f64, abs: f64) -> Option<bool> {
        let (Self::Ratio(found, found_parts), Self::Ratio(wanted, parts)) = (self, expected) else {
            return None;
        };
        let (Self::Ratio(rel, rel_parts), Self::Ratio(abs, abs_parts)) = (Self::of_float(rel), Self::of_float(abs))
        else {
            return None;
        };
        let difference = (found * parts - wanted * found_parts).abs();
        let is_within = |bound: BigInt, of: BigInt| &difference * of <= bound * found_parts;
        Some(is_within(abs * parts, abs_parts) || is_within(rel * wanted.abs(), rel_parts))
    }

    /// The nearest float, for comparisons with a tolerance.
    pub(super) fn nearest(&self) -> f64 {
        match self {
            Self::Nan => f64::NAN,
            Self::Infinite(true) => f64::INFINITY,
            Self::Infinite(false) => f64::NEG_INFINITY,
            Self::Ratio(numerator, denominator) => nearest_of(numerator, denominator),
            Self::FarDecimal(coefficient, exponent) if *exponent > 0 => match coefficient.is_negative() {
                true => f64::NEG_INFINITY,
                false => f64::INFINITY,
            },
            Self::FarDecimal(..) => 0.0,
        }
    }
}

/// By a quotient of 64 bits, and a power of two that is applied in two steps: in one it can be too small for a float.
fn nearest_of(numerator: &BigInt, denominator: &BigInt) -> f64 {
    if denominator.is_one() {
        return numerator.to_f64().unwrap_or(f64::NAN);
    }
    let bits = |number: &BigInt| i32::try_from(number.bits()).unwrap_or(i32::MAX / 4);
    let power = 64 + bits(denominator) - bits(numerator);
    let shifted = |number: &BigInt, by: i32| number << by.max(0);
    let quotient = shifted(numerator, power) / shifted(denominator, -power);
    let half = power / 2;
    quotient.to_f64().unwrap_or(f64::NAN) * 2_f64.powi(-half) * 2_f64.powi(half - power)
}

/// The same number with a coefficient that does not end in 0.
fn without_zeros(mut coefficient: BigInt, mut exponent: i64) -> (BigInt, i64) {
    let ten = BigInt::from(10);
    loop {
        let (quotient, rest) = coefficient.div_rem(&ten);
        if !rest.is_zero() {
            return (coefficient, exponent);
        }
        coefficient = quotient;
        exponent = exponent.saturating_add(1);
    }
}
