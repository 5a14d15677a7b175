//! Checks the calls of a message: that all that is given and expected is data, before any box is asked for.

use crate::contract::InlineTest;
use crate::contract::check::expectations::{answer_of_validator, expectation};
use crate::contract::check::fields::{are_names, value_of, wrong};
use crate::contract::check::files::{Check, LONGEST_NAME};
use crate::contract::test_cases::call_test::CallTest;
use crate::value::Comparison;

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
    let expected = match &comparison {
        Some(comparison) => expectation(field, &test, comparison)?,
        None => answer_of_validator(field, &test)?,
    };
    Ok(CallTest {
        name,
        expected,
        message: test,
        comparison,
        method_first: false,
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
    match call.len() <= LONGEST_NAME && are_names(call) {
        true => Ok(()),
        false => Err(wrong(
            format!("{field}.call"),
            "is no name of a function, such as add or Solution.add",
        )),
    }
}
