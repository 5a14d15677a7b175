//! Tests of programs that read and print, as data sets for language models bring them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{Data, InlineTest};
use crate::gateway::dialect::first_of::FirstOf;
use crate::gateway::dialect::sandbox_fusion::row::{read, wrong};
use crate::gateway::refusal::Refusal;

/// Tests that a row may have before they are counted against `submission.max_tests`.
pub(super) const MOST_CASES: usize = 10_000;

/// A list with an element for each test.
pub(super) type Column<T = Data> = FirstOf<T, MOST_CASES>;

/// A test: what the program reads, and what it is to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    input: String,
    output: String,
}

impl Case {
    pub(super) fn read(input: Option<&Data>, output: Option<&Data>) -> Result<Self, Refusal> {
        Ok(Self {
            input: stream(input, "stdin")?,
            output: stream(output, "stdout")?,
        })
    }

    pub(super) fn into_test(self) -> InlineTest {
        InlineTest {
            input: Some(self.input),
            answer: Some(self.output),
            ..InlineTest::default()
        }
    }

    pub(super) fn length(&self) -> usize {
        self.input.len() + self.output.len()
    }

    /// As SandboxFusion shows a test.
    pub(super) fn info(&self) -> Value {
        json!({ "input": { "stdin": self.input }, "output": { "stdout": self.output } })
    }
}

/// Two lists side by side.
pub(super) fn pairs(inputs: Option<&Data>, outputs: Option<&Data>) -> Result<(Vec<Data>, Vec<Data>), Refusal> {
    let column = |data: Option<&Data>| data.and_then(read::<Column>);
    let (Some(inputs), Some(outputs)) = (column(inputs), column(outputs)) else {
        return Err(wrong("has test_cases without the lists input and output"));
    };
    if inputs.length != outputs.length {
        return Err(wrong("has test_cases with more inputs than outputs, or fewer"));
    }
    Ok((all(inputs)?, all(outputs)?))
}

/// All tests, of which there are some and not too many.
pub(super) fn all<T>(tests: Column<T>) -> Result<Vec<T>, Refusal> {
    let length = tests.length;
    match tests.whole() {
        Some(tests) if tests.is_empty() => Err(wrong("has no tests")),
        Some(tests) => Ok(tests),
        None => Err(wrong(&format!("has {length} tests, at most {MOST_CASES} are read"))),
    }
}

/// A text, or an object in which only this stream is.
fn stream(value: Option<&Data>, name: &str) -> Result<String, Refusal> {
    let streams = value.and_then(read::<BTreeMap<String, Data>>);
    let only = streams.as_ref().filter(|streams| streams.len() == 1);
    let text = only.and_then(|streams| streams.get(name)).or(value);
    text.and_then(read::<String>).ok_or_else(|| {
        wrong(&format!(
            "has a test whose {name} is no text; files of a test are not supported here"
        ))
    })
}
