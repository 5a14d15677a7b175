//! What serde says of a value that it cannot read, in words for who wrote it.

use crate::nearest::did_you_mean;

/// Most characters of a value that are quoted.
const QUOTED: usize = 60;

/// What was found and what is expected, or which names are known; `written` is how the value, or a field in it that is
/// missing, can be written.
pub(super) fn complaint(said: &str, written: impl Fn(Option<&str>) -> Option<String>) -> String {
    let (said, place) = without_place(said);
    let remedy = |name| written(name).map_or_else(String::new, |shown| format!("; write it as {shown}"));
    if let Some((found, expected)) = mismatch(said) {
        let (found, expected) = (found_words(found), expected_words(expected));
        return format!("expected {expected}, found {found}{place}{}", remedy(None));
    }
    if said == ONE_OF_SOME_WORDS {
        return format!("expected a text{place}{}", remedy(None));
    }
    if let Some(name) = quoted(said, "missing field `") {
        return format!("missing field `{name}`{place}{}", remedy(Some(name)));
    }
    for what in ["unknown field `", "unknown variant `"] {
        if let Some((name, known)) = unknown(said, what) {
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            let meant = did_you_mean(name, &known);
            return format!("{what}{}`{meant}{place}; known are {}", cut(name), known.join(", "));
        }
    }
    format!("{said}{place}")
}

/// What `serde_json` says where one of some words is expected, and something else than a text is there.
pub(super) const ONE_OF_SOME_WORDS: &str = "expected value";

/// The complaint, and ` at line 1 column 2` if that is behind it.
pub(super) fn without_place(said: &str) -> (&str, &str) {
    said.rfind(" at line ").map_or((said, ""), |at| said.split_at(at))
}

/// What was found, and what is expected. A text that was found may hold anything, what is expected is ours.
fn mismatch(said: &str) -> Option<(&str, &str)> {
    let rest = said
        .strip_prefix("invalid type: ")
        .or_else(|| said.strip_prefix("invalid value: "))?;
    rest.rsplit_once(", expected ")
}

/// The name behind these words, which are all that is said.
fn quoted<'a>(said: &'a str, what: &str) -> Option<&'a str> {
    said.strip_prefix(what)?.strip_suffix('`')
}

/// A name that is not known, and those that are.
fn unknown<'a>(said: &'a str, what: &str) -> Option<(&'a str, &'a str)> {
    said.strip_prefix(what)?.rsplit_once("`, expected ")
}

fn found_words(found: &str) -> String {
    let inside = |kind: &str| found.strip_prefix(kind).map(|rest| rest.trim_matches('`'));
    let number = inside("integer ").or_else(|| inside("floating point "));
    match (found, found.strip_prefix("string "), number, inside("boolean ")) {
        ("map", ..) => "an object".to_owned(),
        ("sequence", ..) => "a list".to_owned(),
        (_, Some(text), ..) => format!("the text {}", cut(text)),
        (_, _, Some(number), _) => format!("the number {number}"),
        (_, _, _, Some(truth)) => truth.to_owned(),
        _ => cut(found),
    }
}

fn expected_words(expected: &str) -> &str {
    match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_writes_cannot_pass_for_what_is_expected_and_is_cut() {
        let written = |name: Option<&str>| Some(format!("{:?}: 1", name.unwrap_or("it")));
        let long = "x".repeat(5000);
        let rows = [
            (
                "invalid type: string \"a, expected b at line 9\", expected u64 at line 1 column 2",
                "expected a whole number from 0, found the text \"a, expected b at line 9\" at line 1 column 2; \
                 write it as \"it\": 1"
                    .to_owned(),
            ),
            (
                &format!("invalid type: string \"{long}\", expected a map"),
                format!(
                    "expected an object, found the text \"{}…; write it as \"it\": 1",
                    &long[..59]
                ),
            ),
            (
                "unknown field `a`, expected `b`, expected one of `cpu_ms`, `wall_ms` at line 1 column 2",
                "unknown field `a`, expected `b` at line 1 column 2; known are cpu_ms, wall_ms".to_owned(),
            ),
            (
                "unknown variant `fork`, expected `each` or `forks`",
                "unknown variant `fork` (did you mean forks?); known are each, forks".to_owned(),
            ),
            (
                "missing field `id` at line 1 column 2",
                "missing field `id` at line 1 column 2; write it as \"id\": 1".to_owned(),
            ),
            (
                "EOF while parsing a list at line 1 column 2",
                "EOF while parsing a list at line 1 column 2".to_owned(),
            ),
        ];
        for (said, expected) in rows {
            assert_eq!(complaint(said, written), expected);
        }
    }
}
