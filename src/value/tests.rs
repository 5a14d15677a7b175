//! What is equal, and what is no value.

use std::time::{Duration, Instant};

use super::*;

/// Far above what comparing takes without optimisation, and far below what it took with steps that grow with a square.
const AT_ONCE: Duration = Duration::from_secs(10);

fn value(json: &str) -> Value {
    read(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn values_are_equal_where_python_calls_them_equal() {
    let rows = [
        ("3", "3.0", true),
        ("1", "true", true),
        ("3", r#"{"$decimal": "3.00"}"#, true),
        ("0.5", r#"{"$fraction": "2/4"}"#, true),
        ("0.1", r#"{"$decimal": "0.1"}"#, false),
        ("9007199254740993", "9007199254740992.0", false),
        (
            "1000000000000000000000000000000",
            r#"{"$int": "0xc9f2c9cd04674edea40000000"}"#,
            true,
        ),
        ("0.0", "-0.0", true),
        (r#"{"$float": "nan"}"#, r#"{"$float": "nan"}"#, true),
        (r#"{"$float": "inf"}"#, "1e308", false),
        (r#"{"$complex": [1, 0]}"#, "1", true),
        (
            r#"{"$decimal": "1E+999999999999"}"#,
            r#"{"$decimal": "10E+999999999998"}"#,
            true,
        ),
        (r#"{"$decimal": "1E-6000"}"#, r#"{"$decimal": "10E-6001"}"#, true),
        (r#"{"$decimal": "1E-6000"}"#, "0", false),
        (r#"{"$decimal": "-1E+2"}"#, "-100", true),
        (r#"{"$decimal": "-2.50"}"#, "-2.5", true),
        (r#"{"$decimal": "0E+7"}"#, "-0.0", true),
        (r#"{"$decimal": "0.024"}"#, r#"{"$fraction": "3/125"}"#, true),
        (r#"{"$fraction": "-50/75"}"#, r#"{"$fraction": "-0x2/0x3"}"#, true),
        (r#"{"$fraction": "10/2"}"#, "5", true),
        ("[1, 2]", r#"{"$tuple": [1, 2]}"#, false),
        (r#"{"$set": [1, 2]}"#, r#"{"$frozenset": [2, 1.0, 2]}"#, true),
        (r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#, true),
        (r#"{"1": 2}"#, r#"{"$dict": [[1, 2]]}"#, false),
        (r#""1""#, "1", false),
        (r#"{"$bytes": "YQ=="}"#, r#""a""#, false),
        ("null", "false", false),
        (
            r#"{"$datetime": "2026-01-01T01:00:00+01:00"}"#,
            r#"{"$datetime": "2026-01-01T00:00:00+00:00"}"#,
            true,
        ),
        (
            r#"{"$datetime": "2026-01-01T00:00:00"}"#,
            r#"{"$datetime": "2026-01-01T00:00:00+00:00"}"#,
            false,
        ),
        (r#"{"$timedelta": [1, 0, 0]}"#, r#"{"$timedelta": [0, 86400, 0]}"#, true),
        (
            r#"{"$array": [[1, 2], [3, 4]]}"#,
            r#"{"$array": {"shape": [2, 2], "items": [1, 2, 3, 4.0]}}"#,
            true,
        ),
        (r#"{"$array": [1, 2]}"#, "[1, 2]", false),
        (
            r#"{"$series": {"values": [1, 2]}}"#,
            r#"{"$series": {"index": [0, 1], "values": [1, 2], "name": null}}"#,
            true,
        ),
        (
            r#"{"$series": {"values": [1]}}"#,
            r#"{"$series": {"index": [0], "index_names": ["n"], "values": [1], "dtype": "int8"}}"#,
            true,
        ),
        (
            r#"{"$frame": {"index": [{"$tuple": [1, 2]}], "columns": [["a", [1]]]}}"#,
            r#"{"$frame": {"index": [{"$tuple": [1, 2]}], "index_names": ["n", null], "columns": [["a", [1]]]}}"#,
            true,
        ),
        (r#"{"$missing": true}"#, r#"{"$missing": "NA"}"#, true),
        (r#"{"$time": "12:30"}"#, r#"{"$time": "12:30:00"}"#, true),
        (r#"{"$time": "12:30:00.5"}"#, r#"{"$time": "12:30:00.500000"}"#, true),
        (r#"{"$surrogates": "Ye2ggA=="}"#, r#"{"$surrogates": "7aCA"}"#, false),
    ];
    for (expected, found, equal) in rows {
        let accepted = Comparison::default().accepts(&value(expected), &value(found));
        assert_eq!(accepted, equal, "{expected} == {found}");
    }
}

#[test]
fn a_comparison_allows_what_it_says_and_no_more() {
    let near = |rel, abs| Way::Approximate { rel, abs };
    let rows = [
        (near(0.0, 0.01), "1", "1.0099", true),
        (near(0.0, 0.01), "1", "1.0101", false),
        (near(1e-9, 0.0), "[1, {\"a\": 3.0}]", "[1, {\"a\": 3.000000001}]", true),
        (near(1e-9, 0.0), "0", "1e-300", false),
        (near(1.0, 1.0), r#"{"$float": "inf"}"#, "1", false),
        (near(1.0, 1.0), "1", r#"{"$float": "nan"}"#, false),
        (near(1.0, 1.0), r#""a""#, "1", false),
        (near(1.0, 1.0), "1", "true", true),
        (near(0.0, 1.0), "100000000000000001", "100000000000000003", false),
        (near(0.0, 1.0), "100000000000000001", "100000000000000002", true),
        (near(1e-18, 0.0), "1000000000000000001", "1000000000000000002", true),
        (
            near(0.0, 0.5),
            r#"{"$decimal": "0.1"}"#,
            r#"{"$fraction": "3/5"}"#,
            true,
        ),
        (near(1.0, 1.0), r#"{"$set": [0.5]}"#, r#"{"$set": [0.25]}"#, false),
        (
            near(0.1, 0.0),
            r#"{"$complex": [3, 4]}"#,
            r#"{"$complex": [3, 4.4]}"#,
            true,
        ),
        (Way::Set, "[1, 2]", "[2, 1, 1]", true),
        (Way::Set, "[1, 2]", "[1]", false),
        (Way::Multiset, "[1, 2, 2]", r#"{"$tuple": [2, 1, 2]}"#, true),
        (Way::Multiset, "[1, 2, 2]", "[1, 1, 2]", false),
        (Way::Multiset, "[[1], [2]]", "[[2], [1]]", true),
        (Way::Multiset, "[1]", r#"{"1": 1}"#, false),
    ];
    for (way, expected, found, equal) in rows {
        let comparison = Comparison {
            way,
            ..Comparison::default()
        };
        assert_eq!(
            comparison.accepts(&value(expected), &value(found)),
            equal,
            "{expected} {found}"
        );
    }
    let loose = Comparison {
        tuples_are_lists: true,
        ..Comparison::default()
    };
    assert!(loose.accepts(&value("[[1, 2]]"), &value(r#"[{"$tuple": [1, 2]}]"#)));
    let single = Comparison {
        single_is_item: true,
        ..loose
    };
    let rows = [
        ("[3]", "3", true),
        ("[3]", "[3]", true),
        ("[[1, 2]]", r#"{"$tuple": [1, 2]}"#, true),
        ("[1, 2]", "1", false),
        ("3", "[3]", false),
        ("[[3]]", "3", false),
    ];
    for (expected, found, equal) in rows {
        assert_eq!(
            single.accepts(&value(expected), &value(found)),
            equal,
            "{expected} {found}"
        );
    }
}

fn many(item: &str, times: usize) -> String {
    format!("[{}]", vec![item; times].join(","))
}

fn fraction(above: &str, below: &str) -> String {
    format!(r#"{{"$fraction": "0x{above}/0x{below}"}}"#)
}

fn decimal(digits: &str) -> String {
    format!(r#"{{"$decimal": "{digits}"}}"#)
}

/// Values of about a quarter of a MiB; programs can return larger ones. A way to compare, what is expected, what comes,
/// and whether it is right.
fn large_values() -> Vec<(Way, String, String, bool)> {
    let near = |rel, abs| Way::Approximate { rel, abs };
    let (ones, sevens) = ("1".repeat(125_000), "7".repeat(125_000));
    let tiny = many(&decimal("1E-6000"), 10_000);
    let zeros = many(&decimal(&format!("1{}", "0".repeat(4299))), 60);
    let nearly = many(&decimal(&format!("0.4{}", "9".repeat(4298))), 60);
    let int = |last: &str| format!(r#"{{"$int": "0x{}{last}"}}"#, "f".repeat(250_000));
    let fives = format!(r#"{{"$int": "{:#x}"}}"#, BigInt::from(5).pow(15_000));
    let fives = many(&fives, 25);
    let numbers: Vec<String> = (0..25_000).map(|number: u32| number.to_string()).collect();
    let backwards: Vec<String> = numbers.iter().rev().cloned().collect();
    let [numbers, backwards] = [numbers, backwards].map(|numbers| format!("[{}]", numbers.join(",")));
    let nested = format!("{}{numbers}{}", r#"{"a":"#.repeat(20), "}".repeat(20));
    let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    let same = |value: &str| (Way::Exact, value.to_owned(), value.to_owned(), true);
    vec![
        same(&fraction(&ones, &sevens)),
        same(&tiny),
        same(&zeros),
        same(&int("f")),
        same(&fives),
        same(&deep),
        (Way::Exact, "1".to_owned(), fraction(&ones, &sevens), false),
        (Way::Exact, "[1]".to_owned(), tiny.clone(), false),
        (Way::Exact, int("f"), int("e"), false),
        (near(0.0, 1.0), "1".to_owned(), fraction(&ones, &sevens), true),
        (near(0.0, 1e-9), many("0", 10_000), tiny, true),
        (near(0.0, 0.5), many("0", 60), nearly, true),
        (near(1e-9, 0.0), int("f"), int("e"), true),
        (near(1e-9, 0.0), fives.clone(), fives, true),
        (near(1e-9, 0.0), nested.clone(), nested, true),
        (Way::Multiset, numbers.clone(), backwards.clone(), true),
        (Way::Set, numbers, backwards, true),
    ]
}

#[test]
fn large_values_are_compared_in_a_time_that_grows_with_their_length() {
    for (row, (way, expected, found, equal)) in large_values().into_iter().enumerate() {
        let comparison = Comparison {
            way,
            ..Comparison::default()
        };
        let begun = Instant::now();
        let accepted = comparison.accepts(&value(&expected), &value(&found));
        let taken = begun.elapsed();
        assert_eq!(accepted, equal, "{row}: {way:?}");
        assert!(taken < AT_ONCE, "{row}: {way:?} took {taken:?}");
    }
}

/// Python writes fractions in lowest terms, and what is longer than decimal notation allows is not reduced.
#[test]
fn a_long_fraction_that_is_not_in_lowest_terms_equals_nothing() {
    for (digits, equal) in [(1, true), (4096, true), (4097, false), (500_000, false)] {
        let digits_of_both = "3".repeat(digits);
        let one = value(&fraction(&digits_of_both, &digits_of_both));
        assert_eq!(Comparison::default().accepts(&value("1"), &one), equal, "{digits}");
    }
}

#[test]
fn what_is_no_value_is_refused_with_a_reason() {
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let long = "9".repeat(5000);
    let rows = [
        ("", "no JSON"),
        ("NaN", "no JSON"),
        ("[1,", "no JSON"),
        ("01", "no JSON"),
        ("1 2", "no JSON"),
        (r#""\ud800""#, "no JSON"),
        ("1e999", "fits into a float"),
        (&deep, "nested deeper"),
        (&long, "more than 4300 digits"),
        (r#"{"$tuple": 1}"#, "no JSON"),
        (r#"{"$typo": 1}"#, "no JSON"),
        (r#"{"$typo": "1"}"#, "unknown tag"),
        (r#"{"$bytes": "*"}"#, "base64"),
        (r#"{"$float": "1"}"#, "wrong $float"),
        (r#"{"$fraction": "1/0"}"#, "wrong $fraction"),
        (r#"{"$date": "2026-02-30"}"#, "wrong $date"),
        (r#"{"$date": "0000-01-01"}"#, "wrong $date"),
        (r#"{"$date": "-000001-01-01"}"#, "wrong $date"),
        (r#"{"$date": "2026-01-31T00:00:00"}"#, "wrong $date"),
        (r#"{"$time": "23:59:60"}"#, "wrong $time"),
        (r#"{"$time": "12:30:00.1234567"}"#, "wrong $time"),
        (
            r#"{"$datetime": "2026-01-31T12:30:00+01:00[Europe/Paris]"}"#,
            "wrong $datetime",
        ),
        (r#"{"$datetime": "0000-01-31T12:30:00"}"#, "wrong $datetime"),
        (r#"{"$decimal": "1E+9000000000000000000"}"#, "wrong $decimal"),
        (r#"{"$decimal": "1E-9000000000000000000"}"#, "wrong $decimal"),
        (r#"{"$int": "007"}"#, "wrong $int"),
        (r#"{"$int": "0x1__f"}"#, "wrong $int"),
        (r#"{"$surrogates": "/w=="}"#, "surrogatepass"),
        (r#"{"$array": [1, [2]]}"#, "single values"),
        (
            r#"{"$array": {"shape": [1], "items": [{"$tuple": [1, 2]}]}}"#,
            "single values",
        ),
        (r#"{"$series": [1]}"#, "wrong $series"),
        (
            r#"{"$series": {"index": [0, 1], "values": [1]}}"#,
            "an item for each row",
        ),
        (
            r#"{"$frame": {"index": [0], "columns": [["a", [1, 2]]]}}"#,
            "an item for each row",
        ),
        (
            r#"{"$frame": {"columns": [["a", [1, 2]], ["b", [1]]]}}"#,
            "columns of one length",
        ),
        (r#"{"$frame": {"columns": [[[], [1]]]}}"#, "can hash"),
        (
            r#"{"$series": {"index": [1], "index_names": ["a", "b"], "values": [1]}}"#,
            "a name for each part",
        ),
        (
            r#"{"$frame": {"column_names": ["a"], "columns": [[{"$tuple": [1, 2]}, [1]]]}}"#,
            "a name for each part",
        ),
        (r#"{"$array": [[1], [1, 2]]}"#, "rows of one length"),
        (
            r#"{"$array": {"shape": [4000000000, 4000000000, 4000000000], "items": []}}"#,
            "as its shape says",
        ),
    ];
    for (json, reason) in rows {
        let refused = read(json).unwrap_err().to_string();
        assert!(refused.contains(reason), "{json}: {refused}");
    }
}

#[test]
fn a_value_is_shown_as_python_writes_it_and_cut() {
    let rows = [
        (r#"{"$tuple": [1, "a", null, true]}"#, r#"(1, "a", None, True)"#),
        (r#"{"$tuple": [1.0]}"#, "(1.0,)"),
        (r#"{"$dict": [[1, {"$set": [2]}]]}"#, "{1: {2}}"),
        (r#"{"$bytes": "AGE="}"#, r#"b"\x00a""#),
    ];
    for (json, expected) in rows {
        assert_eq!(shown(&value(json), 100), expected);
    }
    assert_eq!(shown(&value(&format!("[{}1]", "1, ".repeat(99))), 10), "[1, 1, 1, ...");
}
