//! Values for people: as Python writes them, and never longer than is shown.

use std::fmt::{self, Write as _};

use num_bigint::BigInt;

use crate::value::{Civil, Decimal, Value};

/// Numbers with more bits are shown in hexadecimal: decimal notation would take time that grows with their square.
const BITS: u64 = 14_000;

/// A value as Python writes it, cut where it is longer than `most` bytes.
pub fn shown(value: &Value, most: usize) -> String {
    let mut text = Cut {
        text: String::new(),
        most,
    };
    if write(&mut text, value).is_err() {
        text.text.push_str("...");
    }
    text.text
}

/// Text that refuses to grow beyond its length.
struct Cut {
    text: String,
    most: usize,
}

impl fmt::Write for Cut {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let room = self.most.saturating_sub(self.text.len());
        if piece.len() <= room {
            self.text.push_str(piece);
            return Ok(());
        }
        self.text.push_str(&piece[..piece.floor_char_boundary(room)]);
        Err(fmt::Error)
    }
}

fn write(out: &mut Cut, value: &Value) -> fmt::Result {
    match value {
        Value::None => out.write_str("None"),
        Value::Missing => out.write_str("NaT"),
        Value::Bool(true) => out.write_str("True"),
        Value::Bool(false) => out.write_str("False"),
        Value::Int(number) => write_int(out, number),
        Value::Float(number) => out.write_str(&float(*number)),
        Value::Complex(real, imaginary) => write!(out, "complex({}, {})", float(*real), float(*imaginary)),
        Value::Decimal(number) => write_decimal(out, number),
        Value::Fraction(numerator, denominator) => write_fraction(out, numerator, denominator),
        Value::Str(text) => write!(out, "{text:?}"),
        Value::Surrogates(bytes) => write!(out, "{:?} (with surrogates)", String::from_utf8_lossy(bytes)),
        Value::Bytes(bytes) => write!(out, "b\"{}\"", bytes.escape_ascii()),
        Value::List(items) => write_items(out, "[", items, "]"),
        Value::Tuple(items) => write_items(out, "(", items, if items.len() == 1 { ",)" } else { ")" }),
        Value::Set(items) if items.is_empty() => out.write_str("set()"),
        Value::Set(items) => write_items(out, "{", items, "}"),
        Value::FrozenSet(items) => write_items(out, "frozenset([", items, "])"),
        Value::Dict(items) => write_pairs(out, items),
        Value::Civil(kind, text) => write!(out, "{}({text:?})", name_of(*kind)),
        Value::Instant(instant) => write!(out, "datetime(\"{instant}\")"),
        Value::Span(micros) => write!(out, "timedelta(microseconds={micros})"),
        Value::Array(shape, items) => {
            write!(out, "array({shape:?}, ")?;
            write_items(out, "[", items, "])")
        }
        Value::Series(index, values, _) => {
            write_items(out, "Series([", values, "], index=")?;
            write_items(out, "[", index, "])")
        }
        Value::Frame(index, columns) => write_frame(out, index, columns),
    }
}

fn write_fraction(out: &mut Cut, numerator: &BigInt, denominator: &BigInt) -> fmt::Result {
    out.write_str("Fraction(")?;
    write_int(out, numerator)?;
    out.write_str(", ")?;
    write_int(out, denominator)?;
    out.write_str(")")
}

fn write_frame(out: &mut Cut, index: &[Value], columns: &[(Value, Vec<Value>)]) -> fmt::Result {
    out.write_str("DataFrame({")?;
    for (name, column) in columns {
        write(out, name)?;
        write_items(out, ": [", column, "], ")?;
    }
    write_items(out, "}, index=[", index, "])")
}

fn write_items(out: &mut Cut, open: &str, items: &[Value], close: &str) -> fmt::Result {
    out.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        write(out, item)?;
    }
    out.write_str(close)
}

fn write_pairs(out: &mut Cut, items: &[(Value, Value)]) -> fmt::Result {
    out.write_str("{")?;
    for (index, (key, value)) in items.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        write(out, key)?;
        out.write_str(": ")?;
        write(out, value)?;
    }
    out.write_str("}")
}

fn write_int(out: &mut Cut, number: &BigInt) -> fmt::Result {
    match number.bits() > BITS {
        true => write!(out, "an int of {} bits", number.bits()),
        false => write!(out, "{number}"),
    }
}

fn write_decimal(out: &mut Cut, number: &Decimal) -> fmt::Result {
    match number {
        Decimal::Nan => out.write_str("Decimal(\"NaN\")"),
        Decimal::Infinite(true) => out.write_str("Decimal(\"Infinity\")"),
        Decimal::Infinite(false) => out.write_str("Decimal(\"-Infinity\")"),
        Decimal::Finite(coefficient, exponent) => write!(out, "Decimal(\"{coefficient}E{exponent:+}\")"),
    }
}

/// Python's notation: a whole number has a point too.
fn float(number: f64) -> String {
    match (number.is_nan(), number.is_infinite()) {
        (true, _) => "nan".to_owned(),
        (_, true) if number > 0.0 => "inf".to_owned(),
        (_, true) => "-inf".to_owned(),
        _ => format!("{number:?}"),
    }
}

fn name_of(kind: Civil) -> &'static str {
    match kind {
        Civil::Date => "date",
        Civil::Time => "time",
        Civil::DateTime => "datetime",
    }
}
