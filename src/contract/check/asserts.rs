//! Checks the asserts of a message. Whether they are Python is seen where they are run.

use crate::contract::InlineTest;
use crate::contract::check::asking::{CHECK, Nothing, nothing_asked};
use crate::contract::check::calls::check_function;
use crate::contract::check::fields::wrong;
use crate::contract::check::files::Check;
use crate::contract::test_cases::call_test::AssertTest;

/// Bytes of a test's name, at most: files of the test are called like it.
const LONGEST_NAME: usize = 200;

/// A list of asserts as tests.
pub(in crate::contract) fn tests_of(asserts: Vec<String>, most: usize) -> Check<Vec<AssertTest>> {
    check_count(&asserts, most)?;
    asserts.into_iter().enumerate().map(test_of).collect()
}

/// A list of asserts has some, and not too many.
pub(in crate::contract) fn check_count(asserts: &[String], most: usize) -> Check<()> {
    if asserts.len() > most {
        let reason = format!("{} asserts, at most {most} are allowed", asserts.len());
        return Err(crate::contract::Rejected::new(
            crate::contract::RejectionCode::TooLarge,
            Some("asserts".to_owned()),
            reason,
        ));
    }
    match asserts.is_empty() {
        true => Err(wrong("asserts".to_owned(), "is empty")),
        false => Ok(()),
    }
}

/// One of a list of asserts as a test.
pub(in crate::contract) fn test_of((index, code): (usize, String)) -> Check<AssertTest> {
    let test = AssertTest {
        name: (index + 1).to_string(),
        code,
        function: None,
    };
    check_asks(format!("asserts[{index}]"), &test)?;
    Ok(test)
}

/// Tests that are asserts.
pub(in crate::contract) fn check_asserts(tests: Vec<InlineTest>) -> Check<Vec<AssertTest>> {
    let field = |index: usize| format!("tests[{index}]");
    let numbered = tests.into_iter().enumerate();
    let checked = numbered.map(|(index, test)| check_one(&field(index), test.name_or_number(index), test));
    let checked: Vec<AssertTest> = checked.collect::<Check<_>>()?;
    for (index, test) in checked.iter().enumerate() {
        check_asks(format!("{}.asserts", field(index)), test)?;
    }
    Ok(checked)
}

/// A test has to ask the program for something: else it accepts every program, or none.
pub(in crate::contract) fn check_asks(field: String, test: &AssertTest) -> Check<()> {
    let Some(nothing) = nothing_asked(&test.code, test.function.as_deref()) else {
        return Ok(());
    };
    let what = match nothing {
        Nothing::Empty => {
            "its code is empty; assert something of the program, as in `assert add(1, 2) == 3`".to_owned()
        }
        Nothing::Uncalled(CHECK) => format!(
            "nothing calls the function {CHECK} that it defines; say in `call` which function is to be checked, or end the \
             code with {CHECK}(NAME)"
        ),
        Nothing::Uncalled(name) => format!("nothing uses {name}, which it defines; call it at the end of the code"),
        Nothing::Constants => {
            "it uses no function and no value of the program; assert something of one, as in `assert add(1, 2) == 3`, and \
             name a function that is called like one of Python's own in `call`"
                .to_owned()
        }
    };
    let reason = format!("the test {:?} asks the program for nothing: {what}", test.name);
    Err(wrong(field, &reason))
}

/// A test that is asserts, whose fields are called `field`.
pub(in crate::contract) fn check_one(field: &str, name: String, test: InlineTest) -> Check<AssertTest> {
    let is_alone = test
        == InlineTest {
            name: test.name.clone(),
            call: test.call.clone(),
            asserts: test.asserts.clone(),
            ..InlineTest::default()
        };
    if !is_alone {
        return Err(wrong(
            field.to_owned(),
            "a test with asserts has no other fields than name and call",
        ));
    }
    if name.len() > LONGEST_NAME {
        return Err(wrong(
            format!("{field}.name"),
            "is longer than 200 bytes, which a test with asserts may not be",
        ));
    }
    if test.call.is_some() {
        check_function(field, test.call.as_deref())?;
    }
    let Some(code) = test.asserts else {
        let reason = "is missing; a submission has tests with asserts, with call, or such that run its program";
        return Err(wrong(format!("{field}.asserts"), reason));
    };
    Ok(AssertTest {
        name,
        code,
        function: test.call,
    })
}
