//! What a value takes up in memory.

use crate::value::Value;

impl Value {
    /// Bytes that it takes up, about.
    pub fn held_bytes(&self) -> usize {
        let inner = match self {
            Self::None
            | Self::Bool(_)
            | Self::Float(_)
            | Self::Complex(..)
            | Self::Decimal(_)
            | Self::Instant(_)
            | Self::Span(_)
            | Self::Missing => 0,
            Self::Int(number) => of_digits(number.bits()),
            Self::Fraction(above, below) => of_digits(above.bits()) + of_digits(below.bits()),
            Self::Str(text) | Self::Civil(_, text) => text.len(),
            Self::Surrogates(bytes) | Self::Bytes(bytes) => bytes.len(),
            Self::List(items) | Self::Tuple(items) | Self::Set(items) | Self::FrozenSet(items) => of_all(items),
            Self::Array(shape, items) => size_of_val(shape.as_slice()) + of_all(items),
            Self::Dict(pairs) => pairs
                .iter()
                .map(|(key, value)| key.held_bytes() + value.held_bytes())
                .sum(),
            Self::Series(index, values, name) => of_all(index) + of_all(values) + name.held_bytes(),
            Self::Frame(index, columns) => {
                let columns = columns.iter().map(|(name, values)| name.held_bytes() + of_all(values));
                of_all(index) + columns.sum::<usize>()
            }
        };
        size_of::<Self>() + inner
    }
}

fn of_digits(bits: u64) -> usize {
    usize::try_from(bits.div_ceil(64) * 8).unwrap_or(usize::MAX)
}

fn of_all(values: &[Value]) -> usize {
    values.iter().map(Value::held_bytes).sum()
}
