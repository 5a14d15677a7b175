//! Whether a value is the one that was expected.

use std::collections::BTreeSet;

use crate::value::Value;
use crate::value::canonical::Canonical;
use crate::value::real::Real;

/// How a value is compared with what was expected.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Comparison {
    /// What counts as equal.
    pub way: Way,
    /// A tuple counts as the list of its items, wherever it is.
    pub tuples_are_lists: bool,
    /// An expected list of one item is also met by the item itself.
    pub single_is_item: bool,
}

/// What counts as equal.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Way {
    /// As Python's `==`, and NaN equals NaN.
    #[default]
    Exact,
    /// Numbers may differ by the larger of `abs` and `rel` times what was expected, except for items of sets and keys of
    /// dicts.
    Approximate {
        /// Times the expected number.
        rel: f64,
        /// Of the difference itself.
        abs: f64,
    },
    /// The same items, in any order and however often.
    Set,
    /// The same items as often, in any order.
    Multiset,
}

impl Comparison {
    /// Whether `value` is as `expected`.
    pub fn accepts(&self, expected: &Value, value: &Value) -> bool {
        match expected {
            Value::List(items) if self.single_is_item && items.len() == 1 => {
                self.is_met(expected, value) || self.is_met(&items[0], value)
            }
            _ => self.is_met(expected, value),
        }
    }

    /// Whether a value could be accepted where this one is expected.
    pub fn can_accept(&self, expected: &Value) -> bool {
        !matches!(self.way, Way::Set | Way::Multiset) || items_of(expected).is_some()
    }

    fn is_met(&self, expected: &Value, value: &Value) -> bool {
        let of = |value: &Value| Canonical::of(value, self.tuples_are_lists);
        match self.way {
            Way::Exact => of(expected) == of(value),
            Way::Approximate { rel, abs } => self.is_near(&Tolerance { rel, abs }, expected, value),
            Way::Set | Way::Multiset => match (items_of(expected), items_of(value)) {
                (Some(expected), Some(items)) if self.way == Way::Set => {
                    let set = |items: &[Value]| items.iter().map(of).collect::<BTreeSet<_>>();
                    set(expected) == set(items)
                }
                (Some(expected), Some(items)) => {
                    let sorted = |items: &[Value]| {
                        let mut all: Vec<Canonical> = items.iter().map(of).collect();
                        all.sort_unstable();
                        all
                    };
                    expected.len() == items.len() && sorted(expected) == sorted(items)
                }
                _ => false,
            },
        }
    }

    fn is_near(&self, tolerance: &Tolerance, expected: &Value, value: &Value) -> bool {
        let near = |expected: &Value, value: &Value| self.is_near(tolerance, expected, value);
        let all_near = |expected: &[Value], values: &[Value]| {
            expected.len() == values.len() && expected.iter().zip(values).all(|(one, other)| near(one, other))
        };
        match (expected, value) {
            (Value::List(expected), Value::List(values)) | (Value::Tuple(expected), Value::Tuple(values)) => {
                all_near(expected, values)
            }
            (Value::List(expected) | Value::Tuple(expected), Value::List(values) | Value::Tuple(values)) => {
                self.tuples_are_lists && all_near(expected, values)
            }
            (Value::Dict(expected), Value::Dict(values)) => self.are_items_near(tolerance, expected, values),
            (Value::Array(shape, expected), Value::Array(found, values)) => {
                shape == found && all_near(expected, values)
            }
            (Value::Series(index, expected, name), Value::Series(found, values, called)) => {
                all_near(index, found) && all_near(expected, values) && near(name, called)
            }
            (Value::Frame(index, expected), Value::Frame(found, columns)) => {
                let columns_near = expected
                    .iter()
                    .zip(columns)
                    .all(|((name, one), (called, other))| near(name, called) && all_near(one, other));
                all_near(index, found) && expected.len() == columns.len() && columns_near
            }
            _ => match (parts(expected), parts(value)) {
                (Some(expected), Some(value)) => tolerance.accepts(&expected, &value),
                _ => Canonical::of(expected, self.tuples_are_lists) == Canonical::of(value, self.tuples_are_lists),
            },
        }
    }

    /// Values may differ a little, their keys may not.
    fn are_items_near(&self, tolerance: &Tolerance, expected: &[(Value, Value)], found: &[(Value, Value)]) -> bool {
        let (expected, found) = (self.sorted(expected), self.sorted(found));
        expected.len() == found.len()
            && expected
                .iter()
                .zip(&found)
                .all(|(one, other)| one.0 == other.0 && self.is_near(tolerance, one.1, other.1))
    }

    /// The items of a dict by their keys.
    fn sorted<'a>(&self, items: &'a [(Value, Value)]) -> Vec<(Canonical, &'a Value)> {
        let keyed = items
            .iter()
            .map(|(key, value)| (Canonical::of(key, self.tuples_are_lists), value));
        let mut keyed: Vec<_> = keyed.collect();
        keyed.sort_by(|one, other| one.0.cmp(&other.0));
        keyed
    }
}

/// Of what an order is irrelevant.
fn items_of(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) | Value::FrozenSet(items) => Some(items),
        Value::Array(shape, items) if shape.len() == 1 => Some(items),
        _ => None,
    }
}

#[derive(Debug)]
struct Tolerance {
    rel: f64,
    abs: f64,
}

impl Tolerance {
    /// What is equal is near, also where it is infinite or no number.
    fn accepts(&self, expected: &(Real, Real), found: &(Real, Real)) -> bool {
        if expected == found {
            return true;
        }
        let are_real = [&expected.1, &found.1].iter().all(|part| **part == Real::of_float(0.0));
        if are_real && let Some(is_near) = found.0.is_near(&expected.0, self.rel, self.abs) {
            return is_near;
        }
        let [real, imaginary] = [&expected.0, &expected.1].map(Real::nearest);
        let [found_real, found_imaginary] = [&found.0, &found.1].map(Real::nearest);
        let difference = (real - found_real).hypot(imaginary - found_imaginary);
        difference.is_finite() && difference <= self.abs.max(self.rel * real.hypot(imaginary))
    }
}

/// The real and the imaginary part of a number. A truth value is compared as it is.
fn parts(value: &Value) -> Option<(Real, Real)> {
    let zero = || Real::of_float(0.0);
    let real = match value {
        Value::Int(number) => Real::of_int(number),
        Value::Float(number) => Real::of_float(*number),
        Value::Decimal(number) => Real::of_decimal(number),
        Value::Fraction(numerator, denominator) => Real::of_fraction(numerator, denominator),
        Value::Complex(real, imaginary) => return Some((Real::of_float(*real), Real::of_float(*imaginary))),
        _ => return None,
    };
    Some((real, zero()))
}
