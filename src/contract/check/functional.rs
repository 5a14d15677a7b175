//! Calls in the form of data sets: one function, its inputs, and at the same places its outputs.

use num_bigint::BigInt;
use serde_json::value::RawValue;

use crate::contract::check::calls::check_call;
use crate::contract::check::fields::wrong;
use crate::contract::check::files::Check;
use crate::contract::test_cases::call::{Compare, Data, Functional};
use crate::contract::test_cases::call_test::CallTest;
use crate::contract::{InlineTest, Rejected, RejectionCode};
use crate::value::{self, Comparison, ValueError, read_json};

/// Calls of one function. APPS and TACO, whose inputs are lists, write what is returned as a list of it now and then, and
/// their graders accept either; LiveCodeBench, whose inputs are texts, compares as it is
/// (`eval/testing_util.py` of hendrycks/apps, `lcb_runner/evaluation/testing_util.py` of LiveCodeBench).
pub(in crate::contract) fn check_functional(functional: Functional, most: usize) -> Check<Vec<CallTest>> {
    let Functional {
        fn_name,
        inputs,
        outputs,
    } = functional;
    let (given, expected) = (inputs.len(), outputs.len());
    if given == 0 {
        return Err(wrong("functional.inputs".to_owned(), "is empty"));
    }
    if given > most {
        let reason = format!("{given} calls, at most {most} are allowed");
        return Err(Rejected::new(
            RejectionCode::TooLarge,
            Some("functional.inputs".to_owned()),
            reason,
        ));
    }
    if given != expected {
        let reason = format!("{expected} outputs for {given} inputs");
        return Err(wrong("functional.outputs".to_owned(), &reason));
    }
    let calls = inputs.into_iter().zip(outputs).enumerate();
    calls
        .map(|(index, (input, output))| functional_call(&fn_name, index, &input, output))
        .collect()
}

fn functional_call(fn_name: &str, index: usize, input: &Data, output: Data) -> Check<CallTest> {
    let (args, expect) = args_and_result(index, input, output)?;
    let test = InlineTest {
        call: Some(fn_name.to_owned()),
        args,
        expect: Some(expect),
        compare: Some(Compare {
            tuples_are_lists: true,
            ..Compare::default()
        }),
        ..InlineTest::default()
    };
    let call = check_call(&format!("functional.inputs[{index}]"), (index + 1).to_string(), test)?;
    let loosened = |comparison| Comparison {
        single_is_item: !is_text(input),
        ..comparison
    };
    Ok(CallTest {
        comparison: call.comparison.map(loosened),
        method_first: true,
        ..call
    })
}

fn is_text(input: &Data) -> bool {
    input.json().starts_with('"')
}

/// A text has an argument on each line, and its output is a text too.
fn args_and_result(index: usize, input: &Data, output: Data) -> Check<(Vec<Data>, Data)> {
    let field = |name: &str| format!("functional.{name}[{index}]");
    let not_json = |name: &str, error: serde_json::Error| wrong(field(name), &format!("is no JSON: {error}"));
    if !is_text(input) {
        let args: Vec<&RawValue> = serde_json::from_str(input.json())
            .map_err(|_error| wrong(field("inputs"), "is neither a list of arguments nor a text"))?;
        return Ok((args.into_iter().map(given).collect(), expected(output)));
    }
    let lines: String = serde_json::from_str(input.json()).map_err(|error| not_json("inputs", error))?;
    let full = lines.lines().filter(|line| !line.trim().is_empty());
    let args = full.map(|line| serde_json::from_str::<Data>(line).map_err(|error| not_json("inputs", error)));
    let args = args.collect::<Check<_>>()?;
    let text: String = serde_json::from_str(output.json()).map_err(|_error| {
        wrong(
            field("outputs"),
            "is no text, which it has to be where its input is one",
        )
    })?;
    let result = serde_json::from_str(text.trim()).map_err(|error| not_json("outputs", error))?;
    Ok((args, result))
}

/// A dict of an argument.
fn given(arg: &RawValue) -> Data {
    dict(arg.get()).unwrap_or_else(|| Data::from(arg))
}

/// A dict that is expected, or the one that is in a list of it.
fn expected(output: Data) -> Data {
    if let Some(dict) = dict(output.json()) {
        return dict;
    }
    let single = match serde_json::from_str::<Vec<&RawValue>>(output.json()).as_deref() {
        Ok([item]) => dict(item.get()).map(|dict| list_of(&dict)),
        _ => None,
    };
    single.unwrap_or(output)
}

/// Keys of JSON are texts. Where all are whole numbers they were numbers before, and the graders make them numbers
/// again. A key with a `$` is no tag where these data sets have one of their own.
fn dict(json: &str) -> Option<Data> {
    let pairs = read_json(json).ok()?;
    let numbers: Option<Vec<BigInt>> = pairs.iter().map(|(key, _)| whole_number(key)).collect();
    let keys: Vec<String> = match numbers {
        Some(numbers) if !numbers.is_empty() => numbers.iter().map(BigInt::to_string).collect(),
        _ => match &pairs[..] {
            [(key, _)] if is_unknown_tag(key) => vec![serde_json::Value::from(&key[..]).to_string()],
            _ => return None,
        },
    };
    let pairs = keys
        .iter()
        .zip(&pairs)
        .map(|(key, (_, item))| format!("[{key},{}]", item.get()));
    let pairs: Vec<String> = pairs.collect();
    RawValue::from_string(format!("{{\"$dict\":[{}]}}", pairs.join(",")))
        .ok()
        .map(|json| Data::from(&*json))
}

/// As Python's `int` reads a text, which it does with as many digits as a number may have.
fn whole_number(key: &str) -> Option<BigInt> {
    let text = key.trim();
    let (is_negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let number = value::integer(digits)?;
    Some(if is_negative { -number } else { number })
}

fn is_unknown_tag(key: &str) -> bool {
    let tagged = serde_json::json!({ key: "" }).to_string();
    key.starts_with('$') && matches!(value::read(&tagged), Err(ValueError::UnknownTag(_)))
}

fn list_of(item: &Data) -> Data {
    let list = RawValue::from_string(format!("[{}]", item.json()));
    list.map_or_else(|_| item.clone(), |json| Data::from(&*json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_number_where_it_has_no_more_digits_than_a_number_may_have() {
        for (key, number) in [("7", 7), (" -12 ", -12), ("+3", 3), ("007", 7)] {
            assert_eq!(whole_number(key), Some(BigInt::from(number)), "{key:?}");
        }
        for key in [
            "",
            "-",
            "--1",
            "x",
            "0x1f",
            "1.0",
            &"9".repeat(4301),
            &"9".repeat(8 << 20),
        ] {
            assert_eq!(whole_number(key), None, "{} bytes", key.len());
        }
    }
}
