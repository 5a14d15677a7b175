//! The rules once more, as plainly as they can be written: all in memory, split, compared.

use assize::checker::StandardFlags;

pub(super) fn accepts(flags: &StandardFlags, answer: &[u8], output: &[u8]) -> bool {
    let (answer_tokens, output_tokens) = (tokens(answer), tokens(output));
    answer_tokens.len() == output_tokens.len()
        && answer_tokens
            .iter()
            .zip(&output_tokens)
            .all(|(answer, output)| same(flags, answer, output))
        && (!flags.space_change_sensitive || gaps(answer) == gaps(output))
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, 0x20 | 0x0c | 0x0a | 0x0d | 0x09 | 0x0b)
}

fn tokens(text: &[u8]) -> Vec<&[u8]> {
    text.split(|&byte| is_space(byte))
        .filter(|token| !token.is_empty())
        .collect()
}

/// The white space before, between and after the tokens.
fn gaps(text: &[u8]) -> Vec<Vec<u8>> {
    let mut gaps = vec![Vec::new()];
    let mut in_token = false;
    for &byte in text {
        match (is_space(byte), in_token) {
            (true, _) => gaps.last_mut().unwrap().push(byte),
            (false, false) => gaps.push(Vec::new()),
            (false, true) => {}
        }
        in_token = !is_space(byte);
    }
    gaps
}

fn same(flags: &StandardFlags, answer: &[u8], output: &[u8]) -> bool {
    let fold = |token: &[u8]| {
        if flags.case_sensitive {
            token.to_vec()
        } else {
            token.to_ascii_lowercase()
        }
    };
    let has_tolerance = flags.absolute_tolerance.is_some() || flags.relative_tolerance.is_some();
    match number(answer).filter(|_| has_tolerance) {
        None => fold(answer) == fold(output),
        Some(expected) => number(output).is_some_and(|got| {
            (got - expected).abs() <= flags.absolute_tolerance.unwrap_or(-1.0)
                || (got - expected).abs() <= flags.relative_tolerance.unwrap_or(-1.0) * expected.abs()
        }),
    }
}

fn number(token: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(token).ok()?;
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (significand, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_number = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && digits(exponent)
        && !exponent.is_empty();
    is_number
        .then(|| text.parse().unwrap())
        .filter(|value: &f64| value.is_finite())
}
