//! Checks what calls are expected to come to: that something can.

use crate::contract::InlineTest;
use crate::contract::check::fields::{are_names, value_of, wrong};
use crate::contract::check::files::Check;
use crate::contract::test_cases::call::Data;
use crate::contract::test_cases::call_test::Expectation;
use crate::value::{Comparison, Value};

const NO_ITEMS: &str = "has no items whose order could be irrelevant, which the modes set and multiset want; give the test another compare.mode";

/// What is expected of a call that a validator judges, which sees only what is returned.
pub(super) fn answer_of_validator(field: &str, test: &InlineTest) -> Check<Expectation> {
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

/// What is expected of a call whose value is compared.
pub(super) fn expectation(field: &str, test: &InlineTest, comparison: &Comparison) -> Check<Expectation> {
    let returns = test.expect.is_some() || test.expect_args.is_some();
    match (&test.raises, returns) {
        (Some(_), true) => Err(wrong(
            format!("{field}.raises"),
            "what raises an exception returns nothing to expect",
        )),
        (Some(name), false) => raised(field, name),
        (None, false) => Err(wrong(
            format!("{field}.expect"),
            "one of expect, expect_args and raises is missing",
        )),
        (None, true) => returned(field, test, comparison),
    }
}

fn raised(field: &str, name: &str) -> Check<Expectation> {
    match are_names(name) {
        true => Ok(Expectation::Raises(name.to_owned())),
        false => Err(wrong(
            format!("{field}.raises"),
            "is no name of a class, such as ValueError or json.JSONDecodeError",
        )),
    }
}

fn returned(field: &str, test: &InlineTest, comparison: &Comparison) -> Check<Expectation> {
    let expected = |name: String, data: &Data| {
        let value = value_of(name.clone(), data)?;
        match comparison.can_accept(&value) {
            true => Ok(value),
            false => Err(wrong(name, NO_ITEMS)),
        }
    };
    let value = test.expect.as_ref();
    let value = value
        .map(|data| expected(format!("{field}.expect"), data))
        .transpose()?;
    let Some(then) = &test.expect_args else {
        return Ok(Expectation::Returns { value, args: None });
    };
    let (given, told) = (test.args.len(), then.len());
    if told > given {
        let reason = format!("says what becomes of {told} arguments, and args has {given}");
        return Err(wrong(format!("{field}.expect_args"), &reason));
    }
    let numbered = then.iter().enumerate();
    let args = numbered.map(|(index, data)| expected(format!("{field}.expect_args[{index}]"), data));
    let args = Some(args.collect::<Check<Vec<Value>>>()?);
    Ok(Expectation::Returns { value, args })
}
