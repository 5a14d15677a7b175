//! Tests as data sets for language models bring them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::contract::InlineTest;
use crate::gateway::refusal::Refusal;

/// The field of a request that holds the rows.
pub(super) const PROVIDED_DATA: &str = "config.provided_data";

/// A test: what the program reads, and what it is to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) input: String,
    pub(super) output: String,
}

impl Case {
    pub(super) fn into_test(self) -> InlineTest {
        InlineTest {
            input: Some(self.input),
            answer: Some(self.output),
            ..InlineTest::default()
        }
    }

    /// As SandboxFusion shows a test.
    pub(super) fn info(&self) -> Value {
        json!({ "input": { "stdin": self.input }, "output": { "stdout": self.output } })
    }
}

/// The inputs and outputs of a row: in `test`, as `[{"input": {"stdin"}, "output": {"stdout"}}]`, or in `test_cases`, as
/// `[{"input", "output"}]` or as two lists.
pub(super) fn cases_in(row: &Value) -> Result<Vec<Case>, Refusal> {
    let column = |name: &str| row.get(name).filter(|value| !value.is_null());
    let given = column("test").or_else(|| column("test_cases"));
    let cases = match given {
        Some(Value::Array(cases)) => cases.iter().map(case_of).collect::<Result<Vec<_>, _>>()?,
        Some(lists @ Value::Object(_)) => cases_of_lists(lists)?,
        _ => {
            return Err(wrong(
                "has no test, test_cases, test_list or pytest; other sets of tests are not supported here",
            ));
        }
    };
    match cases.is_empty() {
        true => Err(wrong("has no tests")),
        false => Ok(cases),
    }
}

/// The row of the program: by its id, which may be a number here and a text there, or the only one.
pub(super) fn row_of<'a>(data: &'a Value, id: &Value) -> Result<&'a Value, Refusal> {
    let Value::Array(rows) = data else {
        return Ok(data);
    };
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let named = |row: &&Value| row.get("id").is_some_and(|of_row| text(of_row) == text(id));
    match (rows.iter().find(named), &rows[..]) {
        (Some(row), _) | (None, [row]) => Ok(row),
        // The tests of another row would make a right program wrong.
        (None, _) => Err(wrong(&format!("has {} rows, and none with the id {id}", rows.len()))),
    }
}

fn case_of(case: &Value) -> Result<Case, Refusal> {
    check_kind(case)?;
    Ok(Case {
        input: stream(case.get("input"), "stdin")?,
        output: stream(case.get("output"), "stdout")?,
    })
}

/// Inputs and outputs side by side.
fn cases_of_lists(lists: &Value) -> Result<Vec<Case>, Refusal> {
    check_kind(lists)?;
    let list = |names: [&str; 2]| names.iter().find_map(|name| lists.get(name)?.as_array());
    let (Some(inputs), Some(outputs)) = (list(["input", "inputs"]), list(["output", "outputs"])) else {
        return Err(wrong("has test_cases without the lists input and output"));
    };
    if inputs.len() != outputs.len() {
        return Err(wrong("has test_cases with more inputs than outputs, or fewer"));
    }
    let pairs = inputs.iter().zip(outputs);
    let case = |(input, output)| {
        Ok(Case {
            input: stream(Some(input), "stdin")?,
            output: stream(Some(output), "stdout")?,
        })
    };
    pairs.map(case).collect()
}

/// Cases of functions and asserts have other forms.
fn check_kind(case: &Value) -> Result<(), Refusal> {
    let kind = case.get("type").and_then(Value::as_str).unwrap_or("stdin_stdout");
    let is_called = case.get("fn_name").is_some_and(|name| !name.is_null());
    match kind == "stdin_stdout" && !is_called {
        true => Ok(()),
        false => Err(wrong(
            "has cases that call a function or assert one by one; write them as test_cases with fn_name, inputs and \
             outputs, or as test_list",
        )),
    }
}

/// A text, or an object in which only this stream is.
fn stream(value: Option<&Value>, name: &str) -> Result<String, Refusal> {
    let text = match value {
        Some(Value::Object(streams)) if streams.len() == 1 => streams.get(name),
        other => other,
    };
    let text = text.and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| {
        wrong(&format!(
            "has a test whose {name} is no text; files of a test are not supported here"
        ))
    })
}

pub(super) fn wrong(complaint: &str) -> Refusal {
    let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", complaint);
    refusal.name_field(Some(PROVIDED_DATA.to_owned()));
    refusal
}
