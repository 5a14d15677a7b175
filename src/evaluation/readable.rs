//! JSON as Python writes it, as JSON that a strict reader takes.
//!
//! Python's `json` writes surrogates that stand alone, which no text of Unicode has (RFC 8259, 8.2), `NaN` and `Infinity`
//! (RFC 8259, 6, has neither), and numbers of any length.

use std::borrow::Cow;

use num_bigint::BigInt;

/// Digits of a number that Python reads in decimal notation (`sys.int_info.default_max_str_digits`). One that has more is
/// written in hexadecimal notation.
const DIGITS: usize = 4300;

/// What a surrogate that stands alone is read as, which is what Python's `errors="replace"` makes of it.
const REPLACEMENT: &str = "\\ufffd";

/// What Python writes for numbers that are none, and the tags that these have in tests. The longest comes first.
const NO_NUMBERS: [(&str, &str); 3] = [
    ("-Infinity", r#"{"$float": "-inf"}"#),
    ("Infinity", r#"{"$float": "inf"}"#),
    ("NaN", r#"{"$float": "nan"}"#),
];

/// A line that a strict reader takes, where Python would.
pub(super) fn readable_line(line: &[u8]) -> Cow<'_, [u8]> {
    match str::from_utf8(line).map(readable) {
        Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        Ok(Cow::Borrowed(_)) | Err(_) => Cow::Borrowed(line),
    }
}

/// The same of a text.
pub(super) fn readable(json: &str) -> Cow<'_, str> {
    if !is_odd(json) {
        return Cow::Borrowed(json);
    }
    let mut read = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '"' => string(rest, &mut read),
            '-' | '0'..='9' | 'N' | 'I' => number(rest, &mut read),
            _ => taken(rest, first.len_utf8(), &mut read),
        };
    }
    Cow::Owned(read)
}

/// Whether there may be something to replace.
fn is_odd(json: &str) -> bool {
    let has_long_number = || {
        let mut run = 0;
        json.bytes().any(|byte| {
            run = if byte.is_ascii_digit() { run + 1 } else { 0 };
            run > DIGITS
        })
    };
    ["\\ud", "\\uD", "NaN", "Infinity"].iter().any(|odd| json.contains(odd)) || has_long_number()
}

/// Takes so many bytes as they are.
fn taken<'a>(rest: &'a str, length: usize, read: &mut String) -> &'a str {
    let (taken, rest) = rest.split_at_checked(length).unwrap_or((rest, ""));
    read.push_str(taken);
    rest
}

/// Takes a string, to its end.
fn string<'a>(rest: &'a str, read: &mut String) -> &'a str {
    let mut rest = taken(rest, 1, read);
    while let Some(at) = rest.find(['"', '\\']) {
        rest = taken(rest, at, read);
        if rest.starts_with('"') {
            return taken(rest, 1, read);
        }
        let high_or_low = surrogate(rest);
        rest = match (high_or_low, rest.get(6..).and_then(surrogate)) {
            (Some(true), Some(false)) => taken(rest, 12, read),
            (Some(_), _) => {
                read.push_str(REPLACEMENT);
                &rest[6..]
            }
            (None, _) => taken(rest, 1 + rest.chars().nth(1).map_or(0, char::len_utf8), read),
        };
    }
    taken(rest, rest.len(), read)
}

/// Whether an escape is that of a high surrogate, or of a low one.
fn surrogate(text: &str) -> Option<bool> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(true),
        0xdc00..=0xdfff => Some(false),
        _ => None,
    }
}

/// Takes a number, or what Python writes for one.
fn number<'a>(rest: &'a str, read: &mut String) -> &'a str {
    for (written, tag) in NO_NUMBERS {
        if let Some(rest) = rest.strip_prefix(written) {
            read.push_str(tag);
            return rest;
        }
    }
    let is_of_number = |each: char| each.is_ascii_digit() || ['-', '+', '.', 'e', 'E'].contains(&each);
    let end = rest.find(|each| !is_of_number(each)).unwrap_or(rest.len()).max(1);
    let (digits, behind) = rest.split_at(end);
    let long = Some(digits).filter(|digits| digits.trim_start_matches('-').len() > DIGITS);
    let Some(long) = long.and_then(|digits| digits.parse::<BigInt>().ok()) else {
        return taken(rest, end, read);
    };
    read.push_str(&format!(r#"{{"$int": "{long:#x}"}}"#));
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_writes_becomes_json_and_json_stays_as_it_is() {
        for (written, expected) in [
            (r#"{"a": "\ud83d\ude00 é\\ud83d", "b": -1.5e3}"#, None),
            (
                r#"["\ud83d", "\ude00x", "\ud83d\ud83d\ude00", "\""]"#,
                Some(r#"["\ufffd", "\ufffdx", "\ufffd\ud83d\ude00", "\""]"#),
            ),
            (
                r#"[NaN, Infinity, -Infinity, -1, "NaN\"NaN"]"#,
                Some(r#"[{"$float": "nan"}, {"$float": "inf"}, {"$float": "-inf"}, -1, "NaN\"NaN"]"#),
            ),
            ("[\"\\ud8", None),
            ("\"\\ud800\\", Some("\"\\ufffd\\")),
        ] {
            assert_eq!(readable(written), expected.unwrap_or(written), "{written}");
        }
        let long = format!("[-1{}, 12]", "0".repeat(DIGITS));
        let read = readable(&long);
        assert!(
            read.starts_with(r#"[{"$int": "-0x"#) && read.ends_with(r#""}, 12]"#),
            "{read}"
        );
        let (many, exact) = ("1".repeat(DIGITS + 1), "1".repeat(DIGITS));
        for same in [exact, format!("\"{many}\""), format!("{many}.5")] {
            assert_eq!(readable(&same), same);
        }
    }
}
