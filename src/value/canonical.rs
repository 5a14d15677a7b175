//! One form for all values that Python calls equal, so that comparing, sorting and counting are the same as for any data.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;

use crate::value::real::Real;
use crate::value::{Civil, Value};

/// What a value is worth. Two of them are equal where Python's `==` of the values is true, with these differences: NaN
/// equals itself, and arrays, series and frames are equal where all that is in them is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Canonical {
    None,
    Real(Real),
    Complex(Box<(Real, Real)>),
    Str(Vec<u8>),
    Bytes(Vec<u8>),
    List(Vec<Canonical>),
    Tuple(Vec<Canonical>),
    Set(BTreeSet<Canonical>),
    Dict(BTreeMap<Canonical, Canonical>),
    Civil(Civil, String),
    Instant(jiff::Timestamp),
    Span(i128),
    Array(Vec<usize>, Vec<Canonical>),
    Series(Vec<Canonical>, Vec<Canonical>, Box<Canonical>),
    Frame(Vec<Canonical>, Vec<(Canonical, Vec<Canonical>)>),
    Missing,
}

impl Canonical {
    /// Of a value. Where `tuples_are_lists`, a tuple is worth what the list of its items is.
    pub(super) fn of(value: &Value, tuples_are_lists: bool) -> Self {
        let of = |value: &Value| Self::of(value, tuples_are_lists);
        let all = |values: &[Value]| values.iter().map(of).collect();
        match value {
            Value::None => Self::None,
            Value::Missing => Self::Missing,
            Value::Bool(truth) => Self::Real(Real::of_int(&BigInt::from(u8::from(*truth)))),
            Value::Int(number) => Self::Real(Real::of_int(number)),
            Value::Float(number) => Self::Real(Real::of_float(*number)),
            Value::Decimal(number) => Self::Real(Real::of_decimal(number)),
            Value::Fraction(numerator, denominator) => Self::Real(Real::of_fraction(numerator, denominator)),
            Value::Complex(real, imaginary) if *imaginary == 0.0 => Self::Real(Real::of_float(*real)),
            Value::Complex(real, imaginary) => {
                Self::Complex(Box::new((Real::of_float(*real), Real::of_float(*imaginary))))
            }
            Value::Str(text) => Self::Str(text.clone().into_bytes()),
            Value::Surrogates(bytes) => Self::Str(bytes.clone()),
            Value::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Value::List(items) => Self::List(all(items)),
            Value::Tuple(items) if tuples_are_lists => Self::List(all(items)),
            Value::Tuple(items) => Self::Tuple(all(items)),
            Value::Set(items) | Value::FrozenSet(items) => Self::Set(items.iter().map(of).collect()),
            Value::Dict(items) => Self::Dict(items.iter().map(|(key, value)| (of(key), of(value))).collect()),
            Value::Civil(kind, text) => Self::Civil(*kind, text.clone()),
            Value::Instant(instant) => Self::Instant(*instant),
            Value::Span(span) => Self::Span(*span),
            Value::Array(shape, items) => Self::Array(shape.clone(), all(items)),
            Value::Series(index, values, name) => Self::Series(all(index), all(values), Box::new(of(name))),
            Value::Frame(index, columns) => {
                let columns = columns.iter().map(|(name, column)| (of(name), all(column)));
                Self::Frame(all(index), columns.collect())
            }
        }
    }
}
