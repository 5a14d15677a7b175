//! What numbers are worth, in one form for all types, so that numbers are equal here where Python calls them equal.
//!
//! Numbers come out of boxes and can be forged. So no step takes time that grows with the square of any length: powers
//! of ten stay exponents, and only numbers of a bounded length are divided.

use num_bigint::BigInt;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};

use crate::value::number::Decimal;

/// Bits of a number whose factors of five are looked for, at most: those of a decimal with all digits that one can have
/// and an exponent of 6000. A longer whole number equals no decimal, unless they have no such factor.
const SPLIT_BITS: u64 = 36_000;

/// Largest power of five that is written out to compare with a tolerance.
const WRITTEN_OUT: u32 = 16_000;

/// The largest power of five that fits into 64 bits, by which a number is divided at once.
const FIVES: i64 = 5_i64.pow(FIVES_AT_ONCE);

const FIVES_AT_ONCE: u32 = 27;

/// Floats that are larger are not calculated with: sums of them may be infinite.
const LARGE: f64 = 1e300;

/// By how much a calculation with floats may be wrong, in parts of the numbers in it, with much to spare.
const DOUBT: f64 = 1e-14;

/// The same for numbers near 0, where floats have fewer digits.
const LEAST_DOUBT: f64 = 1e-300;

/// What a real number is worth. Equal numbers are equal here, whatever their types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Real {
    Finite(Scaled),
    Infinite(bool),
    /// All of them count as the same: who expects NaN wants to see it.
    Nan,
}

/// A quotient in lowest terms, of numbers without factors of two and five, times powers of two and of five.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Scaled {
    numerator: BigInt,
    denominator: BigInt,
    twos: i64,
    fives: i64,
}

impl Real {
    pub(super) fn of_int(number: &BigInt) -> Self {
        Self::of_fraction(number, &BigInt::one())
    }

    /// In lowest terms, the denominator positive.
    pub(super) fn of_fraction(numerator: &BigInt, denominator: &BigInt) -> Self {
        Self::Finite(Scaled::new((numerator, denominator), (0, 0)))
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
        Self::Finite(Scaled::new((&mantissa, &BigInt::one()), (i64::from(exponent), 0)))
    }

    pub(super) fn of_decimal(number: &Decimal) -> Self {
        match number {
            Decimal::Nan => Self::Nan,
            Decimal::Infinite(sign) => Self::Infinite(*sign),
            Decimal::Finite(coefficient, exponent) => {
                Self::Finite(Scaled::new((coefficient, &BigInt::one()), (*exponent, *exponent)))
            }
        }
    }

    /// Whether it differs from what was expected by no more than the larger of `abs` and `rel` times that, exactly;
    /// `None` where one of them is no quotient of whole numbers.
    pub(super) fn is_near(&self, expected: &Self, rel: f64, abs: f64) -> Option<bool> {
        // What is far from the bound, as nearly everything is, needs no exact numbers.
        is_clearly_near(self.nearest(), expected.nearest(), rel, abs)
            .or_else(|| self.is_exactly_near(expected, rel, abs))
    }

    fn is_exactly_near(&self, expected: &Self, rel: f64, abs: f64) -> Option<bool> {
        let ((found, found_parts), (wanted, parts)) = (self.quotient()?, expected.quotient()?);
        let (rel, rel_parts) = Self::of_float(rel).quotient()?;
        let (abs, abs_parts) = Self::of_float(abs).quotient()?;
        let difference = (found * &parts - &wanted * &found_parts).abs();
        let is_within = |bound: BigInt, of: BigInt| &difference * of <= bound * &found_parts;
        Some(is_within(abs * parts, abs_parts) || is_within(rel * wanted.abs(), rel_parts))
    }

    fn quotient(&self) -> Option<(BigInt, BigInt)> {
        match self {
            Self::Finite(number) => number.quotient(),
            Self::Infinite(_) | Self::Nan => None,
        }
    }

    /// The nearest float, for comparisons with a tolerance.
    pub(super) fn nearest(&self) -> f64 {
        match self {
            Self::Nan => f64::NAN,
            Self::Infinite(true) => f64::INFINITY,
            Self::Infinite(false) => f64::NEG_INFINITY,
            Self::Finite(number) => number.nearest(),
        }
    }
}

impl Scaled {
    /// A quotient in lowest terms, times powers of two and of five.
    fn new((numerator, denominator): (&BigInt, &BigInt), (twos, fives): (i64, i64)) -> Self {
        if numerator.is_zero() {
            return Self {
                numerator: BigInt::zero(),
                denominator: BigInt::one(),
                twos: 0,
                fives: 0,
            };
        }
        let (numerator, more_twos, more_fives) = split(numerator);
        let (denominator, halves, fifths) = split(denominator);
        Self {
            numerator,
            denominator,
            twos: twos.saturating_add(more_twos - halves),
            fives: fives.saturating_add(more_fives - fifths),
        }
    }

    /// As a quotient of whole numbers; `None` where a power of ten would take up any amount of memory. A number with
    /// few factors of five has few of two as well, or holds their bits already.
    fn quotient(&self) -> Option<(BigInt, BigInt)> {
        let power = u32::try_from(self.fives.unsigned_abs()).ok();
        let power = BigInt::from(5).pow(power.filter(|power| *power <= WRITTEN_OUT)?);
        let shift = self.twos.unsigned_abs();
        let (mut numerator, mut denominator) = (self.numerator.clone(), self.denominator.clone());
        match self.fives >= 0 {
            true => numerator *= power,
            false => denominator *= power,
        }
        match self.twos >= 0 {
            true => numerator <<= shift,
            false => denominator <<= shift,
        }
        Some((numerator, denominator))
    }

    /// The power of two that its amount is near to, by two at most.
    fn magnitude(&self) -> f64 {
        let float = |number: i64| number.to_f64().unwrap_or(f64::NAN);
        let bits = |number: &BigInt| number.bits().to_f64().unwrap_or(f64::NAN);
        bits(&self.numerator) - bits(&self.denominator) + float(self.twos) + float(self.fives) * 5_f64.log2()
    }

    fn nearest(&self) -> f64 {
        let magnitude = self.magnitude();
        if self.numerator.is_zero() || magnitude < -1200.0 {
            return 0.0;
        }
        if magnitude > 1100.0 {
            return match self.numerator.is_negative() {
                true => f64::NEG_INFINITY,
                false => f64::INFINITY,
            };
        }
        let quotient = self.quotient();
        quotient.map_or(f64::NAN, |(numerator, denominator)| {
            nearest_of(&numerator, &denominator)
        })
    }
}

/// What two floats say, where it does not depend on how they were rounded.
fn is_clearly_near(found: f64, wanted: f64, rel: f64, abs: f64) -> Option<bool> {
    let are_small = found.abs() < LARGE && wanted.abs() < LARGE;
    let difference = (found - wanted).abs();
    let bound = abs.max(rel * wanted.abs());
    let doubt = LEAST_DOUBT * (1.0 + rel) + DOUBT * (found.abs() + wanted.abs() + bound);
    match are_small {
        true if difference + doubt < bound => Some(true),
        true if difference > bound + doubt => Some(false),
        _ => None,
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

/// A number other than 0 without its factors of two and five, and how many of each it has.
fn split(number: &BigInt) -> (BigInt, i64, i64) {
    let twos = number.trailing_zeros().unwrap_or_default();
    let (rest, fives) = without_fives(number >> twos);
    (rest, i64::try_from(twos).unwrap_or(i64::MAX), fives)
}

/// A long number keeps them, as [`SPLIT_BITS`] says.
fn without_fives(mut number: BigInt) -> (BigInt, i64) {
    let mut fives = 0;
    if number.bits() > SPLIT_BITS {
        return (number, fives);
    }
    loop {
        let rest = (&number % FIVES).to_i64().unwrap_or(1);
        if rest != 0 {
            let power = (1..FIVES_AT_ONCE)
                .take_while(|power| rest % 5_i64.pow(*power) == 0)
                .last();
            let power = power.unwrap_or_default();
            return match power {
                0 => (number, fives),
                _ => (number / 5_i64.pow(power), fives + i64::from(power)),
            };
        }
        number /= FIVES;
        fives += i64::from(FIVES_AT_ONCE);
    }
}
