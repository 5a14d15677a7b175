//! A call as code that asserts the same, and as a function for pytest.

use serde_json::Value;

/// What a test says that is code.
struct Code {
    /// Lines that make the call.
    call: String,
    /// Whether what it comes to is right, as an expression.
    is_right: String,
    /// The exception that it has to raise instead.
    raises: Option<String>,
}

/// The code of asserts.
pub(super) fn asserts(call: &Value) -> String {
    let Code { call, is_right, raises } = code(call);
    match raises {
        None => format!("{call}\nassert {is_right}"),
        Some(class) => format!("try:\n    {call}\nexcept {class}:\n    pass\nelse:\n    assert False"),
    }
}

/// The code of asserts in a function `check`, which is called with the function that they are about.
pub(super) fn check(call: &Value) -> String {
    let about_candidate = asserts(&with_name(call, "candidate"));
    let indented: String = about_candidate.lines().map(|line| format!("    {line}\n")).collect();
    format!("def check(candidate):\n{indented}")
}

fn with_name(call: &Value, name: &str) -> Value {
    let mut renamed = call.clone();
    renamed["call"] = name.into();
    renamed
}

/// A module for pytest.
pub(super) fn module(calls: &[Value]) -> String {
    let functions = calls.iter().enumerate().map(|(number, each)| {
        let Code { call, is_right, raises } = code(each);
        let body = match raises {
            None => format!("    {call}\n    assert {is_right}\n"),
            Some(class) => format!("    with pytest.raises({class}):\n        {call}\n"),
        };
        format!("\n\ndef test_{number}():\n{body}")
    });
    let name = calls[0]["call"].as_str().unwrap();
    format!(
        "import math\nimport pytest\nfrom solution import {name}\n{}",
        functions.collect::<String>()
    )
}

fn code(call: &Value) -> Code {
    let args = format!("args = {}", python(&Value::Array(list(&call["args"]))));
    let kwargs = call["kwargs"].as_object().cloned().unwrap_or_default();
    let kwargs: String = kwargs
        .iter()
        .map(|(name, value)| format!(", {name}={}", python(value)))
        .collect();
    let name = call["call"].as_str().unwrap();
    let is_right = match (call.get("expect"), call.get("expect_args")) {
        (Some(expected), _) => is_as_expected(&python(expected), &call["compare"]),
        (None, Some(args)) => format!("args == {}", python(args)),
        (None, None) => "True".to_owned(),
    };
    Code {
        call: format!("{args}; value = {name}(*args{kwargs})"),
        is_right,
        raises: call["raises"].as_str().map(str::to_owned),
    }
}

fn is_as_expected(expected: &str, compare: &Value) -> String {
    if compare["mode"] != "approximate" {
        return format!("value == {expected}");
    }
    let tolerance = |name: &str| compare[name].as_f64().unwrap_or(0.0);
    let (rel, abs) = (tolerance("rel"), tolerance("abs"));
    format!("math.isclose(value, {expected}, rel_tol={rel:e}, abs_tol={abs:e})")
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// A value as Python writes it.
fn python(value: &Value) -> String {
    let items = |items: &Value| list(items).iter().map(python).collect::<Vec<_>>().join(", ");
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(is_true) => if *is_true { "True" } else { "False" }.to_owned(),
        Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(_) => format!("[{}]", items(value)),
        Value::Object(fields) => match fields.get("$tuple") {
            Some(tuple) => format!("({},)", items(tuple)),
            None => {
                assert!(!fields.keys().any(|key| key.starts_with('$')), "{value} as Python");
                let fields = fields.iter().map(|(key, value)| format!("{key:?}: {}", python(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
        },
    }
}
