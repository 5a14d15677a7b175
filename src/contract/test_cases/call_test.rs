//! Tests that call functions of a program or are code that does, after they were checked.

use crate::contract::{CallProcesses, Data, InlineTest};
use crate::value::{Comparison, Value};

/// Tests that call functions, after they were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CallTests {
    /// The tests, in order.
    pub tests: Vec<CallTest>,
    /// Which processes they are made in.
    pub processes: CallProcesses,
}

/// A test that calls a function, after it was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CallTest {
    /// Name in the verdict.
    pub name: String,
    /// The test as in the message. The box gets it without what is expected.
    pub message: InlineTest,
    /// What has to happen.
    pub expected: Expectation,
    /// When a value is as expected; without it the output validator of the package decides.
    pub comparison: Option<Comparison>,
    /// A method of the class `Solution` goes before a function of the same name, as for the graders of data sets.
    pub method_first: bool,
}

/// A test that is code, after it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertTest {
    /// Name in the verdict.
    pub name: String,
    /// The code.
    pub code: String,
    /// The function that it calls `candidate`.
    pub function: Option<String>,
}

/// What has to happen in a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// It returns.
    Returns {
        /// What it has to return, if that matters.
        value: Option<Value>,
        /// What has to have become of its arguments, if that matters.
        args: Option<Vec<Value>>,
    },
    /// It raises an exception whose class, or one above it, has this name.
    Raises(String),
}

/// What a value that is kept as a text takes up beside it, in bytes: its place in a list, and what the heap adds.
const OF_DATA: usize = size_of::<Data>() + 32;

impl CallTest {
    /// What it takes up in memory, in bytes, at least.
    pub fn bytes(&self) -> usize {
        let InlineTest {
            input,
            args,
            kwargs,
            expect,
            expect_args,
            ..
        } = &self.message;
        let all = args.iter().chain(kwargs.values()).chain(expect);
        let data = all.chain(expect_args.iter().flatten());
        input.as_ref().map_or(0, String::len) + data.map(|data| data.json().len()).sum::<usize>()
    }

    /// What its values take up in memory beside their texts, about, in bytes.
    pub(super) fn held_bytes(&self) -> usize {
        let InlineTest {
            args,
            kwargs,
            expect_args,
            ..
        } = &self.message;
        let data = args.len() + kwargs.len() + expect_args.as_ref().map_or(0, Vec::len);
        let expected = match &self.expected {
            Expectation::Returns { value, args } => {
                let args = args.iter().flatten();
                value.iter().chain(args).map(Value::held_bytes).sum()
            }
            Expectation::Raises(name) => name.len(),
        };
        data * OF_DATA + expected
    }

    /// Whether a tuple counts as a list.
    pub(in crate::contract) fn tuples_are_lists(&self) -> bool {
        self.comparison.is_some_and(|comparison| comparison.tuples_are_lists)
    }

    /// Whether an expected list of one item is also met by the item.
    pub(in crate::contract) fn single_is_item(&self) -> bool {
        self.comparison.is_some_and(|comparison| comparison.single_is_item)
    }
}
