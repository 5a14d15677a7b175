//! Values as they are written: JSON, in which an object whose only key begins with `$` is a tag.

#![expect(
    clippy::disallowed_methods,
    reason = "numbers are read here as they are written, which serde_json's own values do not keep"
)]

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigInt;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::value::civil::{date, date_time, time};
use crate::value::error::{DEPTH, ValueError};
use crate::value::number::{Decimal, parse_fraction, parse_int};
use crate::value::table::{are_names, array, frame, nested_array, series};
use crate::value::{MICROSECONDS, SECONDS_OF_DAY, Value};

/// As in Python (`datetime.timedelta.max`).
const MOST_DAYS: i128 = 999_999_999;

/// Reads a value.
///
/// # Errors
/// When it is none.
pub fn read(json: &str) -> Result<Value, ValueError> {
    value(json, DEPTH)
}

/// Reads the fields of an object whose values are still to be read.
///
/// # Errors
/// When it is no object.
pub fn read_json(json: &str) -> Result<Vec<(String, &RawValue)>, ValueError> {
    parse(json).map(|Pairs(pairs)| pairs)
}

fn parse<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, ValueError> {
    serde_json::from_str(json).map_err(|error| ValueError::NotJson(error.to_string()))
}

fn value(json: &str, depth: usize) -> Result<Value, ValueError> {
    let json = json.trim_ascii();
    let inner = depth.checked_sub(1).ok_or(ValueError::TooDeep)?;
    match json.as_bytes().first() {
        Some(b'{') => object(parse(json)?, inner),
        Some(b'[') => parse(json).and_then(|items| Ok(Value::List(all(items, inner)?))),
        Some(b'"') => parse(json).map(Value::Str),
        Some(b't' | b'f') => parse(json).map(Value::Bool),
        Some(b'n') => parse::<()>(json).map(|()| Value::None),
        _ => number(json),
    }
}

fn all(items: Vec<&RawValue>, depth: usize) -> Result<Vec<Value>, ValueError> {
    items.into_iter().map(|item| value(item.get(), depth)).collect()
}

fn number(json: &str) -> Result<Value, ValueError> {
    parse::<&RawValue>(json)?;
    if json.contains(['.', 'e', 'E']) {
        let number = json.parse().ok().filter(|number: &f64| number.is_finite());
        return number
            .map(Value::Float)
            .ok_or(ValueError::Tag("number", "one that fits into a float"));
    }
    parse_int(json).map(Value::Int).ok_or(ValueError::LongNumber)
}

fn object(Pairs(pairs): Pairs<'_>, depth: usize) -> Result<Value, ValueError> {
    if let [(tag, content)] = &pairs[..]
        && tag.starts_with('$')
    {
        return tagged(tag, content.get(), depth);
    }
    let items = pairs
        .into_iter()
        .map(|(key, item)| Ok((Value::Str(key), value(item.get(), depth)?)));
    items.collect::<Result<_, _>>().map(Value::Dict)
}

/// What stands behind a tag.
fn tagged(tag: &str, content: &str, depth: usize) -> Result<Value, ValueError> {
    let items = || list(content, depth);
    match tag {
        "$tuple" => items().map(Value::Tuple),
        "$set" => items().and_then(hashable).map(Value::Set),
        "$frozenset" => items().and_then(hashable).map(Value::FrozenSet),
        "$dict" => pairs_of(content, depth).map(Value::Dict),
        "$array" | "$series" | "$frame" => table(tag, content, depth),
        "$missing" => Ok(Value::Missing),
        "$complex" => {
            let [real, imaginary]: [&RawValue; 2] = parse(content)?;
            Ok(Value::Complex(float(real)?, float(imaginary)?))
        }
        "$timedelta" => {
            let [days, seconds, micros]: [i64; 3] = parse(content)?;
            let whole = i128::from(days) * SECONDS_OF_DAY + i128::from(seconds);
            let span = whole * MICROSECONDS + i128::from(micros);
            match span.div_euclid(SECONDS_OF_DAY * MICROSECONDS).abs() <= MOST_DAYS {
                true => Ok(Value::Span(span)),
                false => Err(ValueError::Tag("$timedelta", "at most 999999999 days")),
            }
        }
        _ => text_tagged(tag, &parse::<String>(content)?),
    }
}

fn text_tagged(tag: &str, text: &str) -> Result<Value, ValueError> {
    let base64 = |name| STANDARD.decode(text).map_err(|_error| ValueError::Tag(name, "base64"));
    let wrong = |name, expected| ValueError::Tag(name, expected);
    match tag {
        "$int" => parse_int(text)
            .map(Value::Int)
            .ok_or(wrong("$int", "decimal digits, or hexadecimal ones as in \"0x1f\"")),
        "$float" => special_float(text).map(Value::Float),
        "$bytes" => base64("$bytes").map(Value::Bytes),
        "$surrogates" => surrogates(base64("$surrogates")?).map(Value::Surrogates),
        "$decimal" => Decimal::parse(text)
            .map(Value::Decimal)
            .ok_or(wrong("$decimal", "a number as in \"1.50\" or \"1E+9\"")),
        "$fraction" => parse_fraction(text)
            .map(|(numerator, denominator)| Value::Fraction(numerator, denominator))
            .ok_or(wrong("$fraction", "a fraction as in \"1/3\"")),
        "$date" => date(text).ok_or(wrong("$date", "a day as in \"2026-01-31\"")),
        "$time" => time(text).ok_or(wrong("$time", "a time as in \"12:30:00\"")),
        "$datetime" => date_time(text).ok_or(wrong("$datetime", "a time as in \"2026-01-31T12:30:00+01:00\"")),
        _ => Err(ValueError::UnknownTag(tag.to_owned())),
    }
}

/// A float that JSON has no number for, or one between quotes.
fn special_float(text: &str) -> Result<f64, ValueError> {
    match text {
        "nan" => Ok(f64::NAN),
        "inf" => Ok(f64::INFINITY),
        "-inf" => Ok(f64::NEG_INFINITY),
        _ => Err(ValueError::Tag("$float", "\"nan\", \"inf\" or \"-inf\"")),
    }
}

/// A number, or a tag that stands for one.
fn float(raw: &RawValue) -> Result<f64, ValueError> {
    match value(raw.get(), 2)? {
        Value::Float(number) => Ok(number),
        Value::Int(number) => Ok(num_traits::ToPrimitive::to_f64(&number).unwrap_or(f64::NAN)),
        _ => Err(ValueError::Tag("$complex", "two numbers")),
    }
}

/// What Python decodes with `surrogatepass`: text in which surrogates stand as three bytes each.
fn surrogates(bytes: Vec<u8>) -> Result<Vec<u8>, ValueError> {
    let mut rest = &bytes[..];
    while let Err(error) = std::str::from_utf8(rest) {
        rest = match &rest[error.valid_up_to()..] {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..] => rest,
            _ => {
                return Err(ValueError::Tag(
                    "$surrogates",
                    "UTF-8 as \"surrogatepass\" of Python writes it",
                ));
            }
        };
    }
    Ok(bytes)
}

fn list(content: &str, depth: usize) -> Result<Vec<Value>, ValueError> {
    all(parse(content)?, depth)
}

fn pairs_of(content: &str, depth: usize) -> Result<Vec<(Value, Value)>, ValueError> {
    let pairs: Vec<[&RawValue; 2]> = parse(content)?;
    let read = |[key, item]: [&RawValue; 2]| {
        let key = value(key.get(), depth)?;
        match key.is_hashable() {
            true => Ok((key, value(item.get(), depth)?)),
            false => Err(ValueError::Tag("$dict", "keys that Python can hash")),
        }
    };
    pairs.into_iter().map(read).collect()
}

fn hashable(items: Vec<Value>) -> Result<Vec<Value>, ValueError> {
    match items.iter().all(Value::is_hashable) {
        true => Ok(items),
        false => Err(ValueError::Tag("$set", "items that Python can hash")),
    }
}

const NAMES: ValueError = ValueError::Tag(
    "index_names and column_names",
    "one name, or a name for each part of the items",
);

/// Arrays of numpy, and series and frames of pandas.
fn table(tag: &str, content: &str, depth: usize) -> Result<Value, ValueError> {
    if content.starts_with('[') {
        return match tag {
            "$array" => nested_array(&list(content, depth)?),
            "$series" => Err(ValueError::Tag("$series", "an object with index and values")),
            _ => Err(ValueError::Tag("$frame", "an object with index and columns")),
        };
    }
    let fields = read_json(content)?;
    let field = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        found.map(|(_, raw)| raw.get())
    };
    let items = |name: &str| list(field(name).unwrap_or("[]"), depth);
    // They are the program's to see, and are not compared.
    let named = |name: &str, of: &[Value]| match field(name) {
        Some(names) if !are_names(&list(names, depth)?, of) => Err(NAMES),
        _ => Ok(()),
    };
    match tag {
        "$array" => array(parse(field("shape").unwrap_or("[]"))?, items("items")?),
        "$series" => {
            let name = field("name").map_or(Ok(Value::None), |name| value(name, depth))?;
            let index = items("index")?;
            named("index_names", &index)?;
            series(index, items("values")?, name)
        }
        _ => {
            let columns: Vec<[&RawValue; 2]> = parse(field("columns").unwrap_or("[]"))?;
            let read = |[name, column]: [&RawValue; 2]| Ok((value(name.get(), depth)?, list(column.get(), depth)?));
            let columns = columns.into_iter().map(read).collect::<Result<Vec<_>, ValueError>>()?;
            let index = items("index")?;
            named("index_names", &index)?;
            let names: Vec<Value> = columns.iter().map(|(name, _)| name.clone()).collect();
            named("column_names", &names)?;
            frame(index, columns)
        }
    }
}

/// The fields of an object in order, a name as often as it is given.
struct Pairs<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(BigInt::from(number))
    }
}
