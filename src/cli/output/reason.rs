//! Why a submission was not accepted, on one line.

use crate::contract::{Judgement, TestVerdict, Verdict};

/// The first test that failed, and what is said about it; of one that was not run, what is said about the whole.
pub(in crate::cli) fn reason(judgement: &Judgement) -> String {
    let has_failed = |test: &&TestVerdict| !matches!(test.verdict, Verdict::Ac | Verdict::Sk | Verdict::Je);
    let failing = judgement.tests.iter().find(has_failed);
    match (judgement.verdict, failing) {
        (Verdict::Ac, _) => String::new(),
        (Verdict::Ce | Verdict::Je | Verdict::Cancelled, _) | (_, None) => {
            telling(judgement.message.as_deref()).unwrap_or_default().to_owned()
        }
        (_, Some(test)) => format!("{}: {}", test.name, of_test(test)),
    }
}

/// What was exceeded, what the validator says, or the end of a traceback.
fn of_test(test: &TestVerdict) -> String {
    let said = telling(test.message.as_deref())
        .or_else(|| telling(test.checker_message.as_deref()))
        .or_else(|| telling(Some(&test.stderr.text)));
    match (said, &test.signal, test.exit_code) {
        (Some(said), ..) => said.to_owned(),
        (None, Some(signal), _) => format!("killed by {signal}"),
        (None, None, Some(code)) if test.verdict == Verdict::Rte => format!("exit code {code}"),
        _ => test.verdict.describe().to_owned(),
    }
}

/// The most telling line: of a compiler's message and of a traceback it is the last one.
fn telling(text: Option<&str>) -> Option<&str> {
    let mut lines = text?.lines().map(str::trim);
    lines.rfind(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::verdict::tests::example;

    #[test]
    fn the_first_failing_test_is_named_with_what_is_known_of_its_end() {
        type Change = fn(&mut TestVerdict);
        let rows: [(Verdict, Change, &str); 6] = [
            (Verdict::Wa, |_test| {}, "sample/1: wrong answer at token 1 on line 1"),
            (
                Verdict::Wa,
                |test| test.checker_message = None,
                "sample/1: wrong answer",
            ),
            (
                Verdict::Tle,
                |test| test.message = Some("used 2.001 s of CPU time, the limit is 2.000 s".to_owned()),
                "sample/1: used 2.001 s of CPU time, the limit is 2.000 s",
            ),
            (
                Verdict::Rte,
                |test| {
                    test.checker_message = None;
                    test.stderr.text = "Traceback\n  x\nValueError: no\n\n".to_owned();
                },
                "sample/1: ValueError: no",
            ),
            (
                Verdict::Rte,
                |test| (test.checker_message, test.exit_code) = (None, Some(3)),
                "sample/1: exit code 3",
            ),
            (
                Verdict::Rte,
                |test| (test.checker_message, test.signal) = (None, Some("SIGSEGV".to_owned())),
                "sample/1: killed by SIGSEGV",
            ),
        ];
        for (verdict, change, expected) in rows {
            let mut judgement = example();
            judgement.verdict = verdict;
            if let Some(test) = judgement.tests.first_mut() {
                test.verdict = verdict;
                change(test);
            }
            assert_eq!(reason(&judgement), expected);
        }
        let mut judgement = example();
        (judgement.verdict, judgement.message) = (Verdict::Ce, Some("a.py, line 1\nSyntaxError: no\n".to_owned()));
        assert_eq!(reason(&judgement), "SyntaxError: no");
        judgement.verdict = Verdict::Ac;
        assert_eq!(reason(&judgement), "");
    }
}
