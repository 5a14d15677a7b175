//! Values of a program as data: what a called function is given, what it returns, and whether that is what was expected.
//!
//! A value is JSON in which an object with one key that begins with `$` stands for what JSON has no word for:
//! `{"$tuple": [1, 2]}`. It is read here from what a test says and from what comes out of a box alike, and nothing of it
//! is ever more than data.

mod canonical;
mod civil;
mod compare;
mod error;
mod number;
mod read;
mod real;
mod show;
mod size;
mod table;
mod write;

use num_bigint::BigInt;

pub use compare::{Comparison, Way};
pub use error::ValueError;
pub use number::Decimal;
pub(crate) use number::integer;
pub use read::{read, read_json};
pub use show::shown;
pub use write::written;

const MICROSECONDS: i128 = 1_000_000;

const SECONDS_OF_DAY: i128 = 86_400;

/// A value of exactly one of Python's own types.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`, of any size
    Int(BigInt),
    /// `float`
    Float(f64),
    /// `complex`: the real and the imaginary part
    Complex(f64, f64),
    /// `decimal.Decimal`
    Decimal(Decimal),
    /// `fractions.Fraction` in lowest terms, the denominator positive
    Fraction(BigInt, BigInt),
    /// `str`
    Str(String),
    /// `str` with surrogates, which are no text, in UTF-8 as Python's `surrogatepass` writes it
    Surrogates(Vec<u8>),
    /// `bytes`
    Bytes(Vec<u8>),
    /// `list`
    List(Vec<Value>),
    /// `tuple`
    Tuple(Vec<Value>),
    /// `set`
    Set(Vec<Value>),
    /// `frozenset`
    FrozenSet(Vec<Value>),
    /// `dict`
    Dict(Vec<(Value, Value)>),
    /// `datetime.date`, `datetime.time` or a `datetime.datetime` without a zone, as Python's `isoformat` writes it
    Civil(Civil, String),
    /// `datetime.datetime` with a zone
    Instant(jiff::Timestamp),
    /// `datetime.timedelta`, in microseconds
    Span(i128),
    /// `numpy.ndarray`: its shape, and its items in the order of C
    Array(Vec<usize>, Vec<Value>),
    /// `pandas.Series`: its index, its values and its name
    Series(Vec<Value>, Vec<Value>, Box<Value>),
    /// `pandas.DataFrame`: its index, and its columns by name
    Frame(Vec<Value>, Vec<(Value, Vec<Value>)>),
    /// What stands for a missing value in pandas beside NaN: `NaT` and `NA`
    Missing,
}

impl Value {
    /// Whether Python can hash it.
    fn is_hashable(&self) -> bool {
        match self {
            Self::Tuple(items) => items.iter().all(Self::is_hashable),
            Self::List(_) | Self::Set(_) | Self::Dict(_) | Self::Array(..) | Self::Series(..) | Self::Frame(..) => {
                false
            }
            _ => true,
        }
    }
}

/// A time without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Civil {
    /// A day.
    Date,
    /// A time of a day.
    Time,
    /// Both.
    DateTime,
}

#[cfg(test)]
mod tests;
