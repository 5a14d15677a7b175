//! Verdicts as reports for those who keep marks.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Reads XML as another implementation does, and prints it as JSON.
const READ_XML: &str = "
import json, sys, xml.etree.ElementTree as tree
def read(element):
    return [element.tag, element.attrib, [read(child) for child in element], (element.text or '').strip()]
print(json.dumps(read(tree.fromstring(sys.stdin.buffer.read()))))
";

fn run(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn report(verdict: &Value, format: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(["report", "-", "--format"]).args(format);
    let output = run(command, verdict.to_string().as_bytes());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json_report(verdict: &Value, format: &[&str]) -> Value {
    let (code, text, error) = report(verdict, format);
    assert_eq!(code, Some(0), "{error}");
    serde_json::from_str(&text).unwrap()
}

fn xml(verdict: &Value) -> Value {
    let (code, text, error) = report(verdict, &["junit"]);
    assert_eq!(code, Some(0), "{error}");
    let mut python = Command::new("python3");
    python.args(["-c", READ_XML]);
    let read = run(python, text.as_bytes());
    let error = String::from_utf8_lossy(&read.stderr);
    serde_json::from_slice(&read.stdout).unwrap_or_else(|_| panic!("{error}\n{text}"))
}

/// One test that fails, one that passes, one that crashes, and one that was not run.
fn verdict() -> Value {
    let mut verdict: Value = serde_json::from_str(include_str!("../../docs/examples/verdict.json")).unwrap();
    let tests = verdict["tests"].as_array_mut().unwrap();
    let mut skipped = tests[1].clone();
    skipped["name"] = json!("secret/03");
    skipped["verdict"] = json!("SK");
    tests.push(skipped);
    verdict
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = verdict();
    change(&mut changed);
    changed
}

#[test]
fn a_verdict_is_a_suite_of_junit_with_a_case_for_each_test() {
    let read = xml(&verdict());
    let suite = &read[2][0];
    let counts = ["name", "tests", "failures", "errors", "skipped", "time"].map(|name| suite[1][name].clone());
    assert_eq!(json!(counts), json!(["sum", "4", "2", "0", "1", "0.098"]));
    let cases = suite[2].as_array().unwrap();
    let children = |case: &Value| -> Vec<Value> {
        let children = case[2].as_array().unwrap().iter();
        children.map(|child| child[0].clone()).collect()
    };
    let shapes: Vec<_> = cases
        .iter()
        .map(|case| json!([case[1]["name"], children(case)]))
        .collect();
    assert_eq!(
        json!(shapes),
        json!([
            ["sample/1", ["failure", "system-out"]],
            ["secret/01-zero", ["system-out"]],
            ["secret/02-large", ["failure", "system-err"]],
            ["secret/03", ["skipped", "system-out"]],
        ])
    );
    let failure = &cases[0][2][0];
    assert_eq!(
        failure[1],
        json!({ "message": "wrong answer: wrong answer at token 1 on line 1", "type": "WA" })
    );
    assert!(failure[3].as_str().unwrap().contains("expected\n3"), "{failure}");
}

#[test]
fn what_no_xml_can_hold_does_not_break_a_report() {
    let text = "\u{0}\u{1b}[2J]]>&<\"'\u{fffe}\u{ffff}\r";
    let read = xml(&with(|verdict| {
        verdict["tests"][0]["name"] = json!(text);
        verdict["tests"][0]["checker_message"] = json!(text);
        verdict["tests"][0]["stdout"]["text"] = json!(text);
    }));
    let case = &read[2][0][2][0];
    assert_eq!(case[1]["name"], "\u{fffd}\u{fffd}[2J]]>&<\"'\u{fffd}\u{fffd}\u{fffd}");
    assert_eq!(case[2][1][0], "system-out");
}

#[test]
fn what_no_test_says_is_a_case_of_its_own_and_a_failure_of_ours_is_an_error() {
    for (code, kind) in [("CE", "failure"), ("JE", "error"), ("CANCELLED", "error")] {
        let read = xml(&with(|verdict| {
            verdict["verdict"] = json!(code);
            verdict["message"] = json!("line 1");
            verdict["tests"] = json!([]);
        }));
        let suite = &read[2][0];
        assert_eq!(suite[1]["tests"], "1", "{suite}");
        assert_eq!(suite[1][format!("{kind}s")], "1", "{suite}");
        let case = &suite[2][0];
        assert_eq!((&case[1]["name"], &case[2][0][0]), (&json!("submission"), &json!(kind)));
    }
}

#[test]
fn marks_are_a_point_for_each_test_or_the_score_of_the_problem() {
    let gradescope = json_report(&verdict(), &["gradescope"]);
    assert_eq!(gradescope.get("score"), None, "it is the sum of the tests");
    let tests = gradescope["tests"].as_array().unwrap().iter();
    let marks: Vec<_> = tests
        .map(|test| json!([test["score"], test["max_score"], test["status"], test["visibility"]]))
        .collect();
    let (failed, passed) = (
        json!([0, 1, "failed", "after_published"]),
        json!([1, 1, "passed", "after_published"]),
    );
    assert_eq!(
        json!(marks),
        json!([[0, 1, "failed", "visible"], passed, failed, failed])
    );
    let excused = with(|verdict| verdict["tests"][3]["skip_reason"] = json!("on Tuesdays only"));
    let test = &json_report(&excused, &["gradescope"])["tests"][3];
    assert_eq!(
        (&test["score"], &test["max_score"], test.get("status")),
        (&json!(0), &json!(0), None)
    );
    let prairie = json_report(&excused, &["prairielearn"]);
    assert_eq!(prairie["score"], 1.0 / 3.0, "of those that count");
    assert_eq!(xml(&excused)[2][0][2][3][2][0][1]["message"], "on Tuesdays only");
    let prairie = json_report(&verdict(), &["prairielearn"]);
    assert_eq!((&prairie["gradable"], &prairie["score"]), (&json!(true), &json!(0.25)));
    assert_eq!(prairie["tests"][1]["points"], 1);

    let scoring = with(|verdict| verdict["score"] = json!(40));
    let gradescope = json_report(&scoring, &["gradescope"]);
    assert_eq!(
        (&gradescope["score"], gradescope["tests"][0].get("score")),
        (&json!(40.0), None)
    );
    let best = json_report(&scoring, &["gradescope", "--max-score", "80"]);
    assert_eq!(best["extra_data"]["max_score"], 80.0);
    let prairie = json_report(&scoring, &["prairielearn", "--max-score", "80"]);
    assert_eq!(prairie["score"], 0.5);
    let (code, _nothing, error) = report(&scoring, &["prairielearn"]);
    assert!(
        code == Some(2) && error.contains("hint: say which with --max-score"),
        "{error}"
    );

    let compile_error = with(|verdict| {
        verdict["verdict"] = json!("CE");
        verdict["tests"] = json!([]);
    });
    for format in ["gradescope", "prairielearn"] {
        assert_eq!(json_report(&compile_error, &[format])["score"], 0.0, "{format}");
    }
}

#[test]
fn tests_earn_nothing_where_the_problem_gives_points_and_the_submission_has_none() {
    let rejected = with(|verdict| verdict["groups"] = json!([{ "name": "secret", "verdict": "WA", "score": 3 }]));
    let gradescope = json_report(&rejected, &["gradescope"]);
    assert_eq!(
        (&gradescope["score"], gradescope["tests"][1].get("score")),
        (&json!(0.0), None)
    );
    let prairie = json_report(&rejected, &["prairielearn", "--max-score", "80"]);
    assert_eq!(prairie["score"], 0.0);
}

#[test]
fn a_report_for_prairielearn_is_no_larger_than_it_may_be() {
    let large = with(|verdict| {
        verdict["tests"][0]["stdout"]["text"] = json!("x".repeat(1 << 20));
    });
    let (_code, text, _error) = report(&large, &["prairielearn"]);
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read["tests"][0]["message"],
        "wrong answer: wrong answer at token 1 on line 1"
    );
}

#[test]
fn a_report_of_many_tests_with_long_messages_is_no_larger_either_and_keeps_its_mark() {
    let large = with(|verdict| {
        let mut test = verdict["tests"][0].clone();
        test["checker_message"] = json!("y".repeat(2000));
        verdict["tests"] = json!(vec![test; 10_000]);
    });
    let (_code, text, _error) = report(&large, &["prairielearn"]);
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    let read: Value = serde_json::from_str(&text).unwrap();
    let shown = read["tests"].as_array().unwrap();
    assert!(shown.len() > 1000, "{} tests", shown.len());
    assert_eq!(read["score"], 0.0);
    let told = format!("wrong answer ({} of 10000 tests are shown)", shown.len());
    assert_eq!(read["message"], told);
}

/// What a field may hold.
enum Field {
    Text,
    Number,
    Truth,
    OneOf(&'static [&'static str]),
    /// Objects of these fields.
    List(&'static [(&'static str, Field)]),
    /// Whatever the grader wants to be kept.
    Anything,
}

use Field::{Anything, List, Number, OneOf, Text, Truth};

const VISIBILITIES: Field = OneOf(&["hidden", "after_due_date", "after_published", "visible"]);
const FORMATS: Field = OneOf(&["text", "html", "simple_format", "md", "ansi"]);

/// The fields that the documentation of Gradescope has ("Autograder Specifications", section "Output format").
const GRADESCOPE: &[(&str, Field)] = &[
    ("score", Number),
    ("execution_time", Number),
    ("output", Text),
    ("output_format", FORMATS),
    ("test_output_format", FORMATS),
    ("test_name_format", FORMATS),
    ("visibility", VISIBILITIES),
    ("stdout_visibility", VISIBILITIES),
    ("extra_data", Anything),
    (
        "tests",
        List(&[
            ("score", Number),
            ("max_score", Number),
            ("status", OneOf(&["passed", "failed"])),
            ("name", Text),
            ("name_format", FORMATS),
            ("number", Text),
            ("output", Text),
            ("output_format", FORMATS),
            ("tags", Anything),
            ("visibility", VISIBILITIES),
            ("extra_data", Anything),
        ]),
    ),
];

/// The fields that the documentation of PrairieLearn has ("External grading", section "Grading results").
const PRAIRIELEARN: &[(&str, Field)] = &[
    ("gradable", Truth),
    ("score", Number),
    ("message", Text),
    ("output", Text),
    ("format_errors", Text),
    (
        "tests",
        List(&[
            ("name", Text),
            ("description", Text),
            ("points", Number),
            ("max_points", Number),
            ("message", Text),
            ("output", Text),
        ]),
    ),
];

/// What in an object is not documented, or holds something else than it may.
fn undocumented(value: &Value, known: &[(&str, Field)], place: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in value.as_object().unwrap() {
        let place = format!("{place}.{name}");
        let is_right = match known.iter().find(|(known, _)| known == name) {
            None => false,
            Some((_, Anything)) => true,
            Some((_, Text)) => value.is_string(),
            Some((_, Number)) => value.as_f64().is_some_and(|number| number >= 0.0),
            Some((_, Truth)) => value.is_boolean(),
            Some((_, OneOf(words))) => value.as_str().is_some_and(|word| words.contains(&word)),
            Some((_, List(fields))) => {
                let items = value.as_array().unwrap();
                wrong.extend(items.iter().flat_map(|item| undocumented(item, fields, &place)));
                true
            }
        };
        if !is_right {
            wrong.push(format!("{place}: {value}"));
        }
    }
    wrong
}

#[test]
fn whatever_the_verdict_is_each_report_has_documented_fields_only_and_those_that_have_to_be_there() {
    type Change = fn(&mut Value);
    let rows: [(&str, Change); 9] = [
        ("as it is", |_| {}),
        ("accepted", |it| {
            it["verdict"] = json!("AC");
            it["tests"]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|test| test["verdict"] = json!("AC"));
        }),
        ("does not compile", |it| {
            (it["verdict"], it["tests"], it["message"]) = (json!("CE"), json!([]), json!("line 1"));
        }),
        ("skipped", |it| it["tests"][0]["verdict"] = json!("SK")),
        ("a value", |it| {
            it["tests"][0]["value"] = json!({ "text": "3", "bytes": 1, "truncated": false })
        }),
        ("a score", |it| it["score"] = json!(40)),
        ("a score below zero", |it| it["score"] = json!(-5)),
        ("a limit", |it| {
            it["verdict"] = json!("TLE");
            it["tests"][0]["verdict"] = json!("TLE");
        }),
        ("no sample", |it| it["tests"][0]["sample"] = json!(false)),
    ];
    for (what, change) in rows {
        let verdict = with(change);
        for (format, known) in [("gradescope", GRADESCOPE), ("prairielearn", PRAIRIELEARN)] {
            let read = json_report(&verdict, &[format, "--max-score", "80"]);
            let mut wrong = undocumented(&read, known, format);
            if what == "a score below zero" && format == "gradescope" {
                // A mark may be below zero there, and is what the problem gave.
                wrong.retain(|it| it != "gradescope.score: -5.0");
            }
            assert!(wrong.is_empty(), "{what}: {wrong:#?}");
            let tests = read["tests"].as_array().unwrap();
            let is_mark = |mark: &Value| mark.as_f64().is_some();
            let has_mark = match format {
                "prairielearn" => read["score"].as_f64().is_some_and(|mark| (0.0..=1.0).contains(&mark)),
                // It stands on top or with each test.
                _ => is_mark(&read["score"]) != (!tests.is_empty() && tests.iter().all(|test| is_mark(&test["score"]))),
            };
            assert!(has_mark, "{what}: {read:#}");
        }
    }
}

#[test]
fn a_failure_of_the_judge_is_no_mark() {
    let failed = with(|verdict| {
        verdict["verdict"] = json!("JE");
        verdict["message"] = json!("no box could be started");
    });
    let prairie = json_report(&failed, &["prairielearn"]);
    assert_eq!((&prairie["gradable"], prairie.get("score")), (&json!(false), None));
    assert_eq!(prairie["format_errors"], "judge error: no box could be started");
    let (code, text, error) = report(&failed, &["gradescope"]);
    assert_eq!((code, text.as_str()), (Some(3), ""));
    assert!(
        error.contains("no mark comes of judge error: no box could be started"),
        "{error}"
    );
    let (code, _nothing, error) = report(&json!({ "verdict": "AC" }), &["junit"]);
    assert!(code == Some(2) && error.contains("- is no verdict document"), "{error}");
}
