//! Every way to get a call wrong, and the forms that mean the same.

use assize::contract::{Document, Expectation, RejectionCode, Requests, Target, parse};
use assize::value::Value as Data;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::contract::CAPS;
use crate::contract::bad_messages::good;
use crate::contract::schemas::validator;
use RejectionCode::{Schema as BadField, TooLarge};

fn against(field: &str, target: Value) -> Value {
    let mut message = good();
    message.as_object_mut().unwrap().remove("problem");
    message[field] = target;
    message
}

fn call(changes: Value) -> Value {
    let mut call = json!({ "call": "add", "args": [1, 2], "expect": 3 });
    for (field, value) in changes.as_object().unwrap() {
        call[field] = value.clone();
    }
    against("tests", json!([call]))
}

fn asserts(list: Value) -> Value {
    against("asserts", list)
}

fn functional(inputs: Value, outputs: Value) -> Value {
    against(
        "functional",
        json!({ "fn_name": "add", "inputs": inputs, "outputs": outputs }),
    )
}

fn parsed(message: &Value) -> Result<Target, (RejectionCode, String)> {
    let body = serde_json::to_vec(message).unwrap();
    parse(&body, &CAPS)
        .map(|submission| submission.target)
        .map_err(|rejected| (rejected.code, rejected.field.unwrap_or_default()))
}

#[test]
fn a_wrong_call_is_refused_by_the_name_of_its_field() {
    let mut with_flags = call(json!({}));
    with_flags["validator_flags"] = json!(["case_sensitive"]);
    let mut both = call(json!({}));
    both["functional"] = json!({ "fn_name": "add", "inputs": [[1]], "outputs": [1] });
    let mut of_a_problem = good();
    of_a_problem["call_options"] = json!({ "processes": "forks" });
    let mut unknown_way = call(json!({}));
    unknown_way["call_options"] = json!({ "processes": "threads" });
    let near = |compare: Value| call(json!({ "compare": compare }));
    // Whether the schema can tell, too: it knows neither caps nor tags nor what belongs together.
    let cases = [
        (against("tests", json!([{}])), BadField, "tests[0].input", true),
        (of_a_problem, BadField, "call_options", false),
        (unknown_way, RejectionCode::UnknownType, "call_options.processes", true),
        (
            near(json!({ "mode": "validator" })),
            BadField,
            "tests[0].compare.mode",
            false,
        ),
        (
            against("tests", json!([{ "input": "", "expect": 1 }])),
            BadField,
            "tests[0].expect",
            false,
        ),
        (
            against("tests", json!([{ "call": "f", "expect": 1 }, { "input": "" }])),
            BadField,
            "tests[1].call",
            false,
        ),
        (call(json!({ "call": "add()" })), BadField, "tests[0].call", false),
        (call(json!({ "call": "a..b" })), BadField, "tests[0].call", false),
        (call(json!({ "answer": "3" })), BadField, "tests[0].answer", false),
        (
            call(json!({ "raises": "ValueError" })),
            BadField,
            "tests[0].raises",
            false,
        ),
        (
            against("tests", json!([{ "call": "f" }])),
            BadField,
            "tests[0].expect",
            false,
        ),
        (
            call(json!({ "args": [1, { "$bytes": "?" }] })),
            BadField,
            "tests[0].args[1]",
            false,
        ),
        (
            call(json!({ "kwargs": { "b": { "$typo": "" } } })),
            BadField,
            "tests[0].kwargs.b",
            false,
        ),
        (
            call(json!({ "expect": { "$set": [[]] } })),
            BadField,
            "tests[0].expect",
            false,
        ),
        (
            call(json!({ "expect_args": [{ "$dict": [[{}, 1]] }] })),
            BadField,
            "tests[0].expect_args[0]",
            false,
        ),
        (
            call(json!({ "expect_args": [1, 2, 3] })),
            BadField,
            "tests[0].expect_args",
            false,
        ),
        (
            against("tests", json!([{ "call": "f", "raises": "not an identifier" }])),
            BadField,
            "tests[0].raises",
            false,
        ),
        (near(json!({ "mode": "set" })), BadField, "tests[0].expect", false),
        (
            call(json!({ "expect": { "a": 1 }, "compare": { "mode": "multiset" } })),
            BadField,
            "tests[0].expect",
            false,
        ),
        (
            call(json!({ "expect": [3], "expect_args": [[], 2], "compare": { "mode": "multiset" } })),
            BadField,
            "tests[0].expect_args[1]",
            false,
        ),
        (call(json!({ "expected": 3 })), BadField, "tests[0].expected", true),
        (
            near(json!({ "mode": "approximate" })),
            BadField,
            "tests[0].compare",
            false,
        ),
        (
            near(json!({ "mode": "approximate", "abs": -1 })),
            BadField,
            "tests[0].compare",
            true,
        ),
        (near(json!({ "rel": 0.1 })), BadField, "tests[0].compare", false),
        (
            near(json!({ "mode": "fuzzy" })),
            RejectionCode::UnknownType,
            "tests[0].compare.mode",
            true,
        ),
        (asserts(json!([])), BadField, "asserts", true),
        (asserts(json!("assert True")), BadField, "asserts", true),
        (asserts(json!(vec!["assert True"; 4])), TooLarge, "asserts", false),
        (call(json!({ "asserts": "assert True" })), BadField, "tests[0]", false),
        (
            asserts(json!(["assert add(1, 2) == 3", " # nothing"])),
            BadField,
            "asserts[1]",
            false,
        ),
        (
            against("tests", json!([{ "asserts": "def check(f): assert f(1) == 1" }])),
            BadField,
            "tests[0].asserts",
            false,
        ),
        (
            against("tests", json!([{ "asserts": "assert True" }, { "call": "add" }])),
            BadField,
            "tests[1].asserts",
            false,
        ),
        (
            against("tests", json!([{ "asserts": "assert True", "name": "n".repeat(201) }])),
            BadField,
            "tests[0].name",
            false,
        ),
        (with_flags, BadField, "validator_flags", false),
        (both, BadField, "functional", true),
        (functional(json!([]), json!([])), BadField, "functional.inputs", true),
        (
            functional(json!([[1]]), json!([])),
            BadField,
            "functional.outputs",
            false,
        ),
        (
            functional(json!([[1], [1], [1], [1]]), json!([1, 1, 1, 1])),
            TooLarge,
            "functional.inputs",
            false,
        ),
        (against("pytest", json!({})), BadField, "pytest", true),
        (against("pytest", json!({ "it.py": "" })), BadField, "pytest", false),
        (
            against("pytest", json!({ "../test_it.py": "" })),
            RejectionCode::FileName,
            "pytest",
            false,
        ),
        (against("pytest_options", json!({})), BadField, "pytest_options", true),
        (
            functional(json!([1]), json!([1])),
            BadField,
            "functional.inputs[0]",
            false,
        ),
        (
            functional(json!(["[1"]), json!(["1"])),
            BadField,
            "functional.inputs[0]",
            false,
        ),
        (
            functional(json!(["1"]), json!([1])),
            BadField,
            "functional.outputs[0]",
            false,
        ),
    ];
    let schema = validator(Document::Submission);
    for (message, code, field, refused_by_schema) in cases {
        assert_eq!(parsed(&message), Err((code, field.to_owned())), "{message}");
        assert_eq!(!schema.is_valid(&message), refused_by_schema, "{message}");
    }
}

#[test]
fn each_form_of_a_call_is_the_same_call() {
    let forms = [
        (functional(json!([[[1], 2]]), json!([3])), true),
        (functional(json!(["[1]\n2\n"]), json!(["3"])), false),
    ];
    for (form, single_is_item) in forms {
        let Ok(Target::Calls(calls)) = parsed(&form) else {
            panic!("{form} is a list of calls");
        };
        let args: Vec<&str> = calls.tests[0]
            .message
            .args
            .iter()
            .map(assize::contract::Data::json)
            .collect();
        assert_eq!(
            (args, calls.tests[0].message.call.as_deref()),
            (vec!["[1]", "2"], Some("add"))
        );
        let expected = Expectation::Returns {
            value: Some(Data::from(3)),
            args: None,
        };
        let comparison = calls.tests[0].comparison.unwrap();
        assert_eq!(
            (
                &calls.tests[0].expected,
                comparison.tuples_are_lists,
                comparison.single_is_item
            ),
            (&expected, true, single_is_item)
        );
    }
    let dicts = functional(
        json!([[{ "-3": [4], "1": 2 }, { "a": 1 }], [{ "$": 1 }], [{}]]),
        json!([{ "1": 2 }, [{ "02": 1 }], [{ "a": 1 }, 2]]),
    );
    let Ok(Target::Calls(calls)) = parsed(&dicts) else {
        panic!("{dicts} is a list of calls");
    };
    let written = |index: usize| {
        let message = &calls.tests[index].message;
        let all = message.args.iter().chain(&message.expect);
        all.map(|data| data.json().to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (index, expected) in [
        r#"{"$dict":[[-3,[4]],[1,2]]} {"a":1} {"$dict":[[1,2]]}"#,
        r#"{"$dict":[["$",1]]} [{"$dict":[[2,1]]}]"#,
        r#"{} [{"a":1},2]"#,
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(written(index), *expected);
    }
    let null = call(json!({ "expect": null }));
    let Ok(Target::Calls(calls)) = parsed(&null) else {
        panic!("None can be expected");
    };
    let none = Some(Data::None);
    assert!(matches!(&calls.tests[0].expected, Expectation::Returns { value, .. } if *value == none));
}

#[test]
fn a_number_keeps_its_digits_in_a_message_and_in_a_list_of_requests() {
    let digits = "123456789012345678901234567890123";
    let tests = format!(r#"[{{"call": "f", "expect": {digits}}}]"#);
    let request = format!(r#"{{"source": "", "tests": {tests}}}"#);
    let one = Requests::read(request.as_bytes(), 1, &CAPS).unwrap();
    let many = Requests::read(format!("[{request}]").as_bytes(), 1, &CAPS).unwrap();
    let (Requests::One(one), Requests::Many(mut many)) = (one, many) else {
        panic!("an object is one and an array is many");
    };
    for read in [one.unwrap(), many.remove(0).unwrap()] {
        let message = read.check(Uuid::nil(), "python3", &CAPS).unwrap().message;
        let again = serde_json::to_string(&message).unwrap();
        assert!(again.contains(&format!(r#""expect":{digits}"#)), "{again}");
    }
}

#[test]
fn a_test_that_would_accept_every_program_is_named_and_says_how_to_mend_it() {
    let reason = |test: Value| {
        let body = serde_json::to_vec(&against("tests", json!([test]))).unwrap();
        parse(&body, &CAPS).unwrap_err().reason
    };
    for (test, expected) in [
        (
            json!({ "name": "stack", "asserts": "def check(c): assert c(1) == 1" }),
            "the test \"stack\" asks the program for nothing: nothing calls the function check that it defines; say in `call`",
        ),
        (
            json!({ "asserts": "def test():\n    assert add(1, 2) == 3" }),
            "the test \"1\" asks the program for nothing: nothing uses test, which it defines; call it",
        ),
        (json!({ "asserts": "" }), "its code is empty"),
        (
            json!({ "asserts": "assert sum([1, 2]) == 3" }),
            "it uses no function and no value of the program",
        ),
    ] {
        let told = reason(test.clone());
        assert!(told.contains(expected), "{test}: {told}");
    }
    let named = json!([{ "asserts": "assert sum([1, 2]) == 3", "call": "sum" }]);
    assert!(matches!(parsed(&against("tests", named)), Ok(Target::Asserts(_))));
}
