//! Values as they are written for programs: JSON with tags, in one form for each value.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigInt;

use crate::value::{Civil, Decimal, MICROSECONDS, SECONDS_OF_DAY, Value};

/// Numbers with more bits are written in hexadecimal, as every reader of a number of 64 bits expects.
const SMALL: u64 = 63;

/// A value as [`crate::value::read`] reads it.
pub fn written(value: &Value) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _written = write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::None => out.write_str("null"),
        Value::Missing => out.write_str(r#"{"$missing":true}"#),
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Int(number) if number.bits() <= SMALL => write!(out, "{number}"),
        Value::Int(number) => write!(out, r#"{{"$int":"{}"}}"#, Hex(number)),
        Value::Float(number) => float(out, *number),
        Value::Complex(real, imaginary) => {
            out.write_str(r#"{"$complex":["#)?;
            float(out, *real)?;
            out.write_str(",")?;
            float(out, *imaginary)?;
            out.write_str("]}")
        }
        Value::Decimal(number) => decimal(out, number),
        Value::Fraction(numerator, denominator) => {
            write!(out, r#"{{"$fraction":"{}/{}"}}"#, Hex(numerator), Hex(denominator))
        }
        Value::Str(text) => string(out, text),
        Value::Surrogates(bytes) => write!(out, r#"{{"$surrogates":"{}"}}"#, STANDARD.encode(bytes)),
        Value::Bytes(bytes) => write!(out, r#"{{"$bytes":"{}"}}"#, STANDARD.encode(bytes)),
        Value::List(items) => list(out, items),
        Value::Tuple(items) => tagged(out, "$tuple", items),
        Value::Set(items) => tagged(out, "$set", items),
        Value::FrozenSet(items) => tagged(out, "$frozenset", items),
        Value::Dict(items) => dict(out, items),
        Value::Civil(Civil::Date, text) => write!(out, r#"{{"$date":"{text}"}}"#),
        Value::Civil(Civil::Time, text) => write!(out, r#"{{"$time":"{text}"}}"#),
        Value::Civil(Civil::DateTime, text) => write!(out, r#"{{"$datetime":"{text}"}}"#),
        Value::Instant(instant) => write!(out, r#"{{"$datetime":"{instant}"}}"#),
        Value::Span(span) => {
            let (seconds, micros) = (span.div_euclid(MICROSECONDS), span.rem_euclid(MICROSECONDS));
            let (days, seconds) = (seconds.div_euclid(SECONDS_OF_DAY), seconds.rem_euclid(SECONDS_OF_DAY));
            write!(out, r#"{{"$timedelta":[{days},{seconds},{micros}]}}"#)
        }
        Value::Array(shape, items) => {
            write!(out, r#"{{"$array":{{"shape":{shape:?},"items":"#)?;
            list(out, items)?;
            out.write_str("}}")
        }
        Value::Series(index, values, name) => series(out, index, values, name),
        Value::Frame(index, columns) => frame(out, index, columns),
    }
}

fn series(out: &mut String, index: &[Value], values: &[Value], name: &Value) -> fmt::Result {
    out.write_str(r#"{"$series":{"index":"#)?;
    list(out, index)?;
    out.write_str(r#","values":"#)?;
    list(out, values)?;
    out.write_str(r#","name":"#)?;
    write(out, name)?;
    out.write_str("}}")
}

fn frame(out: &mut String, index: &[Value], columns: &[(Value, Vec<Value>)]) -> fmt::Result {
    out.write_str(r#"{"$frame":{"index":"#)?;
    list(out, index)?;
    out.write_str(r#","columns":["#)?;
    joined(out, columns, |out, (name, column)| {
        out.write_str("[")?;
        write(out, name)?;
        out.write_str(",")?;
        list(out, column)?;
        out.write_str("]")
    })?;
    out.write_str("]}}")
}

/// A dict that no reader could take for a tag is an object.
fn dict(out: &mut String, items: &[(Value, Value)]) -> fmt::Result {
    let is_plain = |(key, _): &(Value, Value)| matches!(key, Value::Str(key) if !key.starts_with('$'));
    if items.iter().all(is_plain) {
        out.write_str("{")?;
        joined(out, items, |out, (key, value)| {
            write(out, key)?;
            out.write_str(":")?;
            write(out, value)
        })?;
        return out.write_str("}");
    }
    out.write_str(r#"{"$dict":["#)?;
    joined(out, items, |out, (key, value)| {
        out.write_str("[")?;
        write(out, key)?;
        out.write_str(",")?;
        write(out, value)?;
        out.write_str("]")
    })?;
    out.write_str("]}")
}

fn tagged(out: &mut String, tag: &str, items: &[Value]) -> fmt::Result {
    write!(out, r#"{{"{tag}":"#)?;
    list(out, items)?;
    out.write_str("}")
}

fn list(out: &mut String, items: &[Value]) -> fmt::Result {
    out.write_str("[")?;
    joined(out, items, write)?;
    out.write_str("]")
}

/// With a comma between each two.
fn joined<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T) -> fmt::Result) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        out.write_str(if place == 0 { "" } else { "," })?;
        write(out, item)?;
    }
    Ok(())
}

fn string(out: &mut String, text: &str) -> fmt::Result {
    // A text always serialises.
    out.write_str(&serde_json::Value::from(text).to_string())
}

fn float(out: &mut String, number: f64) -> fmt::Result {
    match (number.is_nan(), number.is_infinite()) {
        (true, _) => out.write_str(r#"{"$float":"nan"}"#),
        (_, true) if number > 0.0 => out.write_str(r#"{"$float":"inf"}"#),
        (_, true) => out.write_str(r#"{"$float":"-inf"}"#),
        // With a point or an exponent, and as many digits as it takes to read it as the same number.
        _ => write!(out, "{number:?}"),
    }
}

fn decimal(out: &mut String, number: &Decimal) -> fmt::Result {
    match number {
        Decimal::Nan => out.write_str(r#"{"$decimal":"NaN"}"#),
        Decimal::Infinite(true) => out.write_str(r#"{"$decimal":"Infinity"}"#),
        Decimal::Infinite(false) => out.write_str(r#"{"$decimal":"-Infinity"}"#),
        Decimal::Finite(coefficient, exponent) => write!(out, r#"{{"$decimal":"{coefficient}E{exponent:+}"}}"#),
    }
}

/// As Python's `hex` writes an `int`.
struct Hex<'a>(&'a BigInt);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0.sign() == num_bigint::Sign::Minus {
            "-"
        } else {
            ""
        };
        write!(f, "{sign}{:#x}", self.0.magnitude())
    }
}
