//! Which outputs are right: a table for each rule of the format.

use assize::checker::StandardFlags;

use crate::default_validator::{check, check_in_chunks, words};

/// Flags, answer, output, whether it is accepted.
type Row = (&'static str, &'static [u8], &'static [u8], bool);

fn assert_all(rows: &[Row]) {
    for &(flags, answer, output, accepted) in rows {
        let outcome = check(flags, answer, output);
        let row = format!(
            "[{flags}] answer {} output {}",
            answer.escape_ascii(),
            output.escape_ascii()
        );
        assert_eq!(outcome.accepted, accepted, "{row}: {outcome:?}");
        let bytes: Vec<&[u8]> = output.chunks(1).collect();
        let byte_by_byte = check_in_chunks(StandardFlags::parse(&words(flags)).unwrap(), answer, &bytes);
        assert_eq!(byte_by_byte, outcome, "{row}, pushed byte by byte");
    }
}

#[test]
fn tokens_are_compared_and_white_space_only_separates_them() {
    assert_all(&[
        ("", b"1 2\n3\n", b"1 2\n3\n", true),
        ("", b"1 2\n3\n", b"  1\t2 \r\n\n3   \n\n", true),
        ("", b"1 2\n", b"1 2", true),
        ("", b"1 2", b"1 2\n", true),
        ("", b"1\x0b2\x0c3\n", b"1 2 3\n", true),
        ("", b"a b\n", b"ab\n", false),
        ("", b"ab\n", b"a b\n", false),
        ("", b"a b\n", b"b a\n", false),
        ("", b"10\n", b"1\n", false),
        ("", b"1\n", b"10\n", false),
        // Neither NUL nor the bytes of a Unicode space are white space.
        ("", b"a b\n", b"a\0b\n", false),
        ("", b"a\0b\n", b"a\0b\n", true),
        ("", b"1\n", b"1\0junk\n", false),
        ("", b"a b\n", b"a\xc2\xa0b\n", false),
        ("", b"a b\n", b"a\x85b\n", false),
    ]);
}

#[test]
fn another_number_of_tokens_is_wrong() {
    assert_all(&[
        ("", b"", b"", true),
        ("", b"", b" \n", true),
        ("", b"\n\n", b"", true),
        ("", b"", b"x", false),
        ("", b"1\n", b"", false),
        ("", b"1\n", b"\n \n", false),
        ("", b"1 2\n", b"1\n", false),
        ("", b"1 2\n", b"1", false),
        ("", b"1\n", b"1 2\n", false),
        ("", b"1\n", b"1\n\n\n2", false),
    ]);
}

#[test]
fn letter_case_matters_only_when_asked_and_only_for_ascii() {
    assert_all(&[
        ("", b"Yes\n", b"YES\n", true),
        ("case_sensitive", b"Yes\n", b"YES\n", false),
        ("case_sensitive", b"Yes\n", b"Yes\n", true),
        ("", b"@[`{\n", b"`{@[\n", false),
        ("", "É\n".as_bytes(), "é\n".as_bytes(), false),
        ("", "é\n".as_bytes(), "é\n".as_bytes(), true),
        // The format reads single bytes: what is not UTF-8 is compared all the same.
        ("", b"\xff\xfe\n", b"\xff\xfe\n", true),
        ("", b"\xff\xfe\n", b"\xff\xff\n", false),
        ("case_sensitive", b"\xe9\n", b"\xc9\n", false),
    ]);
}

#[test]
fn white_space_matters_byte_for_byte_when_asked() {
    let flag = "space_change_sensitive";
    assert_all(&[
        (flag, b"1 2\n", b"1 2\n", true),
        (flag, b"1 2\n", b"1  2\n", false),
        (flag, b"1  2\n", b"1 2\n", false),
        (flag, b"1 2\n", b"1\t2\n", false),
        (flag, b"1 2\n", b"1 2", false),
        (flag, b"1 2", b"1 2\n", false),
        (flag, b"1 2\n", b"1 2 \n", false),
        (flag, b"1 2\n", b"1 2\r\n", false),
        (flag, b"1 2\r\n", b"1 2\r\n", true),
        (flag, b"1 2\n", b"1 2\n\n", false),
        (flag, b"1 2\n", b" 1 2\n", false),
        (flag, b" 1 2\n", b"1 2\n", false),
        (flag, b"", b"", true),
        (flag, b"", b"\n", false),
        (flag, b"\n", b"", false),
        (flag, b"1\n", b"1\n2", false),
        (flag, b"1\n2\n", b"1\n", false),
        (flag, b"a b\n", b"ab\n", false),
        (flag, b"ab\n", b"a b\n", false),
        (flag, b"A b\n", b"a B\n", true),
        ("space_change_sensitive case_sensitive", b"A b\n", b"a B\n", false),
        ("space_change_sensitive float_tolerance 0.1", b"1.0 b\n", b"1 b\n", true),
        (
            "space_change_sensitive float_tolerance 0.1",
            b"1.0 b\n",
            b"1  b\n",
            false,
        ),
    ]);
}

#[test]
fn without_a_tolerance_numbers_are_text() {
    assert_all(&[
        ("", b"0.0314\n", b"3.14e-2\n", false),
        ("", b"1\n", b"1.0\n", false),
        ("", b"0\n", b"-0\n", false),
        ("", b"1e5\n", b"1E5\n", true),
        ("case_sensitive", b"1e5\n", b"1E5\n", false),
    ]);
}

#[test]
fn a_number_is_right_within_either_tolerance() {
    assert_all(&[
        ("float_tolerance 1e-6", b"0.0314\n", b"3.14000000e-2\n", true),
        ("float_absolute_tolerance 0.25", b"1\n", b"1.25\n", true),
        ("float_absolute_tolerance 0.25", b"1\n", b"0.75\n", true),
        ("float_absolute_tolerance 0.25", b"1\n", b"1.2500001\n", false),
        ("float_absolute_tolerance 0.25", b"100\n", b"110\n", false),
        ("float_relative_tolerance 0.25", b"100\n", b"125\n", true),
        ("float_relative_tolerance 0.25", b"-100\n", b"-75\n", true),
        // Relative to the judge's number, not to the submission's.
        ("float_relative_tolerance 0.25", b"100\n", b"126\n", false),
        ("float_relative_tolerance 0.25", b"0\n", b"1e-300\n", false),
        ("float_relative_tolerance 0.25", b"0\n", b"-0.0\n", true),
        (
            "float_absolute_tolerance 1 float_relative_tolerance 1e-9",
            b"5\n",
            b"6\n",
            true,
        ),
        (
            "float_absolute_tolerance 1e-9 float_relative_tolerance 0.1",
            b"50\n",
            b"55\n",
            true,
        ),
        (
            "float_absolute_tolerance 1e-9 float_relative_tolerance 0.1",
            b"50\n",
            b"55.1\n",
            false,
        ),
        ("float_tolerance 0", b"1\n", b"1.000\n", true),
        ("float_tolerance 0", b"1\n", b"1.001\n", false),
        // Integers count as numbers too, as the format says.
        ("float_tolerance 1e-1", b"1000\n", b"1001\n", true),
    ]);
}

#[test]
fn numbers_follow_the_grammar_of_the_format() {
    let flag = "float_tolerance 1e-9";
    for one in [
        "1", "+1", "1.", "1.0", "01", "0001.000", "1e0", "1E+0", "10e-1", ".1e1", "+.1E+1", "1.e0", "1e-0",
    ] {
        let output = format!("{one}\n");
        assert!(
            check(flag, b"1\n", output.as_bytes()).accepted,
            "{one} should be read as 1"
        );
        assert!(
            check(flag, output.as_bytes(), b"1.0\n").accepted,
            "{one} in the answer should be read as 1"
        );
    }
    for other in [
        "0x1", "0X1P0", "1e", "1e+", "1,0", "1f", "--1", "+-1", "1.0.0", "1e0.0", "one", "nan", "1_0", "1\0",
    ] {
        let output = format!("{other}\n");
        assert!(
            !check(flag, b"1\n", output.as_bytes()).accepted,
            "{other} should not be read as a number"
        );
        assert!(
            !check(flag, output.as_bytes(), b"1\n").accepted,
            "{other} in the answer should not be a number"
        );
        assert!(
            check(flag, output.as_bytes(), output.as_bytes()).accepted,
            "{other} should be the same as itself"
        );
    }
    assert_all(&[
        (flag, b"0\n", b"-0\n", true),
        (flag, b"-0.0\n", b"0\n", true),
        (flag, b".\n", b"0\n", false),
        (flag, b"0\n", b".\n", false),
        (flag, b"-\n", b"0\n", false),
        (flag, b"0\n", b"e5\n", false),
    ]);
}

#[test]
fn what_has_no_finite_value_is_compared_as_text() {
    let flag = "float_tolerance 1";
    assert_all(&[
        (flag, b"nan\n", b"nan\n", true),
        (flag, b"nan\n", b"NaN\n", true),
        (flag, b"inf\n", b"INF\n", true),
        (flag, b"inf\n", b"infinity\n", false),
        (flag, b"inf\n", b"-inf\n", false),
        (flag, b"inf\n", b"0\n", false),
        (flag, b"0\n", b"nan\n", false),
        (flag, b"0\n", b"inf\n", false),
        ("float_tolerance 1 case_sensitive", b"inf\n", b"INF\n", false),
        (flag, b"1e400\n", b"1e400\n", true),
        (flag, b"1e400\n", b"1E400\n", true),
        (flag, b"1e400\n", b"2e400\n", false),
        // Infinity times any relative tolerance is infinity: no number may pass for this one.
        (flag, b"1e400\n", b"0\n", false),
        (flag, b"0\n", b"1e400\n", false),
        (flag, b"0\n", b"1e-400\n", true),
    ]);
}

#[test]
fn the_same_text_is_right_at_any_size_and_precision() {
    assert_all(&[
        ("float_tolerance 0", b"9007199254740993\n", b"9007199254740993\n", true),
        // Both are read as the same 64-bit float, like in the reference.
        ("float_tolerance 0", b"9007199254740993\n", b"9007199254740992\n", true),
        ("float_tolerance 0", b"9007199254740993\n", b"9007199254740996\n", false),
        ("", b"9007199254740993\n", b"9007199254740992\n", false),
        (
            "float_tolerance 0",
            b"123456789012345678901234567890.123456789012345678901234567890\n",
            b"1.23456789012345678901234567890123456789012345678901234567890e29\n",
            true,
        ),
    ]);
}
