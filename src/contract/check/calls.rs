//! Checks the calls of a message: that all that is given and expected is data, before any box is asked for.

use serde_json::value::RawValue;

use crate::contract::check::files::{Check, LONGEST_NAME};
use crate::contract::test_cases::call::{Compare, Data, Functional};
use crate::contract::test_cases::call_test::{CallTest, Expectation};
use crate::contract::{InlineTest, Rejected, RejectionCode};
use crate::value::{Comparison, Value};

/// Tests that run the program.
pub(super) fn check_programs(tests: &[InlineTest]) -> Check<()> {
    for (index, test) in tests.iter().enumerate() {
        let InlineTest {
            name: _,
            input,
            answer: _,
            call: _,
            asserts: _,
            args,
            kwargs,
            expect,
            expect_args,
            raises,
            compare,
        } = test;
        let of_call = [
            ("args", !args.is_empty()),
            ("kwargs", !kwargs.is_empty()),
            ("expect", expect.is_some()),
            ("expect_args", expect_args.is_some()),
            ("raises", raises.is_some()),
            ("compare", compare.is_some()),
        ];
        if let Some((field, _)) = of_call.iter().find(|(_, is_given)| *is_given) {
            return Err(wrong(format!("tests[{index}].{field}"), "belongs to a call"));
        }
        if input.is_none() {
            return Err(wrong(
                format!("tests[{index}].input"),
                "one of input and call is missing",
            ));
        }
    }
    Ok(())
}

/// Tests that call a function.
pub(in crate::contract) fn check_calls(tests: Vec<InlineTest>) -> Check<Vec<CallTest>> {
    let numbered = tests.into_iter().enumerate();
    numbered
        .map(|(index, test)| {
            let name = test.name_or_number(index);
            let field = format!("tests[{index}]");
            let call = check_call(&field, name, test)?;
            match call.comparison {
                Some(_) => Ok(call),
                None => Err(wrong(
                    format!("{field}.compare.mode"),
                    "validator belongs to tests of a problem package, which brings one",
                )),
            }
        })
        .collect()
}

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
        return Ok((args.into_iter().map(Data::from).collect(), output));
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

/// A test that calls, whose fields are called `field`.
pub(in crate::contract) fn check_call(field: &str, name: String, test: InlineTest) -> Check<CallTest> {
    check_function(field, test.call.as_deref())?;
    if test.answer.is_some() {
        return Err(wrong(
            format!("{field}.answer"),
            "belongs to a test without a call, which has expect",
        ));
    }
    for (index, arg) in test.args.iter().enumerate() {
        value_of(format!("{field}.args[{index}]"), arg)?;
    }
    for (key, arg) in &test.kwargs {
        value_of(format!("{field}.kwargs.{key}"), arg)?;
    }
    let comparison = match &test.compare {
        None => Some(Comparison::default()),
        Some(compare) => compare
            .checked()
            .map_err(|reason| wrong(format!("{field}.compare"), reason))?,
    };
    let expected = match comparison {
        Some(_) => expectation(field, &test)?,
        None => answer_of_validator(field, &test)?,
    };
    Ok(CallTest {
        name,
        expected,
        message: test,
        comparison,
    })
}

/// Names with dots between them.
pub(super) fn check_function(field: &str, call: Option<&str>) -> Check<()> {
    let Some(call) = call else {
        return Err(wrong(
            format!("{field}.call"),
            "is missing; a submission has either calls or tests that run its program",
        ));
    };
    let is_name = |part: &str| {
        let mut characters = part.chars();
        let begins = characters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_');
        begins && characters.all(|next| next.is_alphanumeric() || next == '_')
    };
    match call.len() <= LONGEST_NAME && call.split('.').all(is_name) {
        true => Ok(()),
        false => Err(wrong(
            format!("{field}.call"),
            "is no name of a function, such as add or Solution.add",
        )),
    }
}

/// What is expected of a call that a validator judges, which sees only what is returned.
fn answer_of_validator(field: &str, test: &InlineTest) -> Check<Expectation> {
    let others = [
        ("expect_args", test.expect_args.is_some()),
        ("raises", test.raises.is_some()),
    ];
    if let Some((name, _)) = others.iter().find(|(_, is_given)| *is_given) {
        let reason = "is nothing for a validator, which is told what is returned; give the test another compare.mode";
        return Err(wrong(format!("{field}.{name}"), reason));
    }
    let value = test.expect.as_ref();
    let value = value
        .map(|data| value_of(format!("{field}.expect"), data))
        .transpose()?;
    Ok(Expectation::Returns { value, args: None })
}

fn expectation(field: &str, test: &InlineTest) -> Check<Expectation> {
    let returns = test.expect.is_some() || test.expect_args.is_some();
    match (&test.raises, returns) {
        (Some(_), true) => Err(wrong(
            format!("{field}.raises"),
            "what raises an exception returns nothing to expect",
        )),
        (Some(name), false) if name.is_empty() => Err(wrong(format!("{field}.raises"), "is empty")),
        (Some(name), false) => Ok(Expectation::Raises(name.clone())),
        (None, false) => Err(wrong(
            format!("{field}.expect"),
            "one of expect, expect_args and raises is missing",
        )),
        (None, true) => {
            let value = test
                .expect
                .as_ref()
                .map(|data| value_of(format!("{field}.expect"), data));
            let args = test.expect_args.as_ref().map(|args| {
                let numbered = args.iter().enumerate();
                numbered
                    .map(|(index, data)| value_of(format!("{field}.expect_args[{index}]"), data))
                    .collect::<Check<Vec<Value>>>()
            });
            Ok(Expectation::Returns {
                value: value.transpose()?,
                args: args.transpose()?,
            })
        }
    }
}

fn value_of(field: String, data: &Data) -> Check<Value> {
    data.value().map_err(|error| wrong(field, &error.to_string()))
}

pub(in crate::contract) fn wrong(field: String, reason: &str) -> Rejected {
    Rejected::new(RejectionCode::Schema, Some(field), reason.to_owned())
}
