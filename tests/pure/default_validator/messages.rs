//! What a rejection says, and to whom.

use assize::checker::CheckOutcome;

use crate::default_validator::check;

#[test]
fn one_mistake_in_a_large_output_is_found_where_it_is() {
    let lines: Vec<String> = (0..30_000)
        .map(|line| format!("{line} x{}\n", "y".repeat(line % 7)))
        .collect();
    let answer = lines.concat();
    for wrong in [0, 1, 411, 412, 6_500, 6_501, 29_999] {
        let mut output = lines.clone();
        output[wrong] = output[wrong].replace('x', "z");
        let place = format!("wrong answer at token 2 on line {}", wrong + 1);
        assert_eq!(
            check("", answer.as_bytes(), output.concat().as_bytes()).team_message,
            Some(place)
        );

        let (on_one_line, output) = (answer.replace('\n', " "), output.concat().replace('\n', " "));
        let place = format!("wrong answer at token {} on line 1", 2 * wrong + 2);
        assert_eq!(
            check("", on_one_line.as_bytes(), output.as_bytes()).team_message,
            Some(place)
        );
    }
}

/// Flags, answer, output, the team's message, what the judges' message has after it.
type MessageRow = (&'static str, &'static [u8], &'static [u8], &'static str, &'static str);

#[test]
fn messages_say_where_and_only_judges_see_the_answer() {
    let rows: [MessageRow; 8] = [
        (
            "",
            b"1 2\n3 secret\n",
            b"1 2\r\n\r\n3 oops\n",
            "wrong answer at token 2 on line 3",
            " (line 2 of the answer): expected \"secret\", got \"oops\"",
        ),
        (
            "",
            b"1 secret\n",
            b"1\n",
            "wrong answer: the output ends too early, on line 2",
            " (line 1 of the answer): expected \"secret\", got the end of the output",
        ),
        (
            "",
            b"secret\n",
            b"\n",
            "wrong answer: the output has no token",
            " (line 1 of the answer): expected \"secret\", got the end of the output",
        ),
        (
            "",
            b"1\n",
            b"1\n2\n",
            "wrong answer: trailing output from token 1 on line 2",
            " (line 2 of the answer): expected the end of the output, got \"2\"",
        ),
        (
            "space_change_sensitive",
            b"1 2\n",
            b"1 2 \n",
            "wrong answer: white space differs after token 2 on line 1",
            " (line 1 of the answer): expected a line feed, got a space",
        ),
        (
            "float_tolerance 0.25",
            b"8\n",
            b"eight\n",
            "wrong answer at token 1 on line 1",
            " (line 1 of the answer): expected the number \"8\", got \"eight\"",
        ),
        (
            "float_tolerance 0.25",
            b"8\n",
            b"16\n",
            "wrong answer at token 1 on line 1",
            " (line 1 of the answer): expected \"8\", got \"16\", off by 8e0 (absolute tolerance 2.5e-1, \
             relative tolerance 2.5e-1)",
        ),
        (
            "",
            b"x\n",
            b"\x1b[2J\"\xff\0\xe2\x80\xae\n",
            "wrong answer at token 1 on line 1",
            " (line 1 of the answer): expected \"x\", got \"\\u{1b}[2J\\\"\\xff\\0\\u{202e}\"",
        ),
    ];
    for (flags, answer, output, team, judge) in rows {
        let outcome = check(flags, answer, output);
        assert_eq!(outcome.team_message.as_deref(), Some(team));
        assert_eq!(outcome.judge_message, Some(format!("{team}{judge}")));
    }
    assert_eq!(check("", b"1\n", b"1\n"), CheckOutcome::accepted());
}
