//! Checks the asserts of a message. Whether they are Python is seen where they are run.

use crate::contract::InlineTest;
use crate::contract::check::calls::{check_function, wrong};
use crate::contract::check::files::Check;
use crate::contract::test_cases::call_test::AssertTest;

/// Bytes of a test's name, at most: files of the test are called like it.
const LONGEST_NAME: usize = 200;

/// A list of asserts as tests.
pub(in crate::contract) fn tests_of(asserts: Vec<String>, most: usize) -> Check<Vec<AssertTest>> {
    if asserts.len() > most {
        let reason = format!("{} asserts, at most {most} are allowed", asserts.len());
        return Err(crate::contract::Rejected::new(
            crate::contract::RejectionCode::TooLarge,
            Some("asserts".to_owned()),
            reason,
        ));
    }
    if asserts.is_empty() {
        return Err(wrong("asserts".to_owned(), "is empty"));
    }
    let numbered = asserts.into_iter().enumerate();
    let test = |(index, code): (usize, String)| AssertTest {
        name: (index + 1).to_string(),
        code,
        function: None,
    };
    Ok(numbered.map(test).collect())
}

/// Tests that are asserts.
pub(in crate::contract) fn check_asserts(tests: Vec<InlineTest>) -> Check<Vec<AssertTest>> {
    tests
        .into_iter()
        .enumerate()
        .map(|(index, test)| check_one(&format!("tests[{index}]"), test.name_or_number(index), test))
        .collect()
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
