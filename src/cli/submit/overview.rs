//! Many submissions in one table.

use std::collections::HashMap;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::anyhow;
use comfy_table::{Cell, Color};
use uuid::Uuid;

use crate::cli::output::reason::reason;
use crate::cli::submit::request::Request;
use crate::cli::table::{self, Column};
use crate::cli::units::{counted, seconds, size};
use crate::contract::{Judgement, Rejection, Verdict};

/// The answer to a submission.
#[derive(Debug)]
pub(in crate::cli) enum Answer {
    Verdict(Box<Judgement>),
    Rejection(Rejection),
}

/// The answers, by the ids of the submissions.
pub(super) type Answers = HashMap<Uuid, Answer>;

/// One row per submission, and a line that says how it went; with `examples`, what was expected too.
pub(in crate::cli) fn render(requests: &[Request], answers: &Answers, examples: bool, width: u16) -> String {
    let columns = [
        Column::Word("problem"),
        Column::Text("submission"),
        Column::Word("verdict"),
        Column::Text("expected"),
        Column::Number("tests"),
        Column::Number("score"),
        Column::Number("CPU"),
        Column::Number("memory"),
        Column::Note("message"),
    ];
    let rows: Vec<_> = requests
        .iter()
        .map(|submission| row(submission, answers.get(&submission.message.id), examples))
        .collect();
    format!(
        "{}\n\n{}",
        table::render(&columns, &rows, width),
        summary(requests, answers, examples)
    )
}

/// The exit code for all together: the worst that happened.
pub(in crate::cli) fn exit_code(requests: &[Request], answers: &Answers) -> ExitCode {
    let code = |submission: &Request| match answers.get(&submission.message.id) {
        None => 3,
        Some(Answer::Rejection(_)) => 2,
        Some(answer) if as_expected(submission, Some(answer)) => 0,
        Some(Answer::Verdict(judgement)) if judgement.verdict == Verdict::Je => 3,
        Some(Answer::Verdict(_)) => 1,
    };
    ExitCode::from(requests.iter().map(code).max().unwrap_or(0))
}

/// Why a submission was not judged.
pub(in crate::cli) fn refusal(rejection: &Rejection) -> anyhow::Error {
    match &rejection.field {
        Some(field) => anyhow!("rejected: {field}: {}", rejection.reason),
        None => anyhow!("rejected: {}", rejection.reason),
    }
}

fn row(submission: &Request, answer: Option<&Answer>, examples: bool) -> Vec<Cell> {
    let problem = submission.message.problem.as_ref().map_or("", |problem| &problem.id);
    let mut row = vec![table::text(problem), table::text(&submission.shown), outcome(answer)];
    row.push(if examples {
        expectation(submission, answer)
    } else {
        Cell::new("")
    });
    match answer {
        Some(Answer::Verdict(judgement)) => row.extend(figures(judgement)),
        Some(Answer::Rejection(rejection)) => {
            row.extend((0..4).map(|_column| Cell::new("")));
            row.push(table::text(&refusal(rejection).to_string()));
        }
        None => {}
    }
    row
}

fn outcome(answer: Option<&Answer>) -> Cell {
    match answer {
        Some(Answer::Verdict(judgement)) => table::verdict(judgement.verdict),
        Some(Answer::Rejection(_)) => Cell::new("rejected").fg(Color::Magenta),
        None => Cell::new("no answer").fg(Color::Magenta),
    }
}

fn figures(judgement: &Judgement) -> Vec<Cell> {
    let totals = &judgement.totals;
    let ran = totals.tests > totals.skipped;
    let figure = |text: String| Cell::new(if ran { text } else { String::new() });
    vec![
        figure(format!("{}/{}", totals.passed, totals.tests)),
        Cell::new(judgement.score.map(|score| score.to_string()).unwrap_or_default()),
        figure(seconds(totals.cpu_ms)),
        figure(size(totals.max_memory_bytes)),
        table::text(&reason(judgement)),
    ]
}

fn as_expected(submission: &Request, answer: Option<&Answer>) -> bool {
    match (answer, &submission.expected) {
        (Some(Answer::Verdict(judgement)), Some(expected)) => expected.contains(&judgement.verdict),
        (Some(Answer::Verdict(judgement)), None) => judgement.verdict != Verdict::Je,
        _ => false,
    }
}

fn expectation(submission: &Request, answer: Option<&Answer>) -> Cell {
    let expected = match submission.expected.as_deref() {
        // A run-time error can show in many ways.
        Some([first, _, _, ..]) => first.to_string(),
        Some(expected) => expected
            .iter()
            .map(|verdict| verdict.code())
            .collect::<Vec<_>>()
            .join(" or "),
        None => "any".to_owned(),
    };
    if as_expected(submission, answer) {
        return Cell::new(expected);
    }
    Cell::new(format!("not {expected}")).fg(Color::Red)
}

fn summary(requests: &[Request], answers: &Answers, examples: bool) -> String {
    let right = requests
        .iter()
        .filter(|submission| as_expected(submission, answers.get(&submission.message.id)))
        .count();
    let color = if right == requests.len() {
        AnsiColor::Green
    } else {
        AnsiColor::Red
    };
    let style: Style = color.on_default().bold();
    let wanted = if examples { "as expected" } else { "accepted" };
    let are = if requests.len() == 1 { "is" } else { "are" };
    let all = counted(requests.len(), "submission");
    format!("{style}{right} of {all} {are} {wanted}{style:#}")
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use insta::assert_snapshot;

    use super::*;
    use crate::cli::output::verdict::tests::example;
    use crate::contract::{ProblemRef, Rejected, RejectionCode, SubmissionMessage};

    fn sent(shown: &str, expected: Option<Verdict>) -> Request {
        let problem = ProblemRef {
            id: "sum".to_owned(),
            revision: None,
        };
        Request {
            shown: shown.to_owned(),
            expected: expected.map(|verdict| vec![verdict]),
            message: SubmissionMessage::for_problem(Uuid::new_v4(), "python3", Vec::new(), problem),
        }
    }

    fn judged(verdict: Verdict, message: Option<&str>) -> Answer {
        let mut judgement = example();
        judgement.verdict = verdict;
        judgement.message = message.map(str::to_owned);
        if matches!(verdict, Verdict::Ce | Verdict::Je) {
            judgement.totals.skipped = judgement.totals.tests;
        }
        if verdict == Verdict::Ac {
            judgement.tests.clear();
            judgement.totals.passed = judgement.totals.tests;
        }
        Answer::Verdict(Box::new(judgement))
    }

    fn rejected() -> Answer {
        let rejected = Rejected {
            id: None,
            code: RejectionCode::UnknownProblem,
            field: Some("problem.id".to_owned()),
            reason: "this worker has no problem \"sum\"".to_owned(),
        };
        Answer::Rejection(rejected.into_rejection("judge-1"))
    }

    fn answered<const N: usize>(pairs: [(Request, Option<Answer>); N]) -> (Vec<Request>, Answers) {
        let mut answers = Answers::new();
        let mut requests = Vec::new();
        for (submission, answer) in pairs {
            answers.extend(answer.map(|answer| (submission.message.id, answer)));
            requests.push(submission);
        }
        (requests, answers)
    }

    #[test]
    fn every_submission_has_a_row_and_what_is_unexpected_stands_out() {
        let (requests, answers) = answered([
            (sent("good.py", Some(Verdict::Ac)), Some(judged(Verdict::Ac, None))),
            (sent("bad.py", Some(Verdict::Wa)), Some(judged(Verdict::Wa, None))),
            (
                sent("typo.py", Some(Verdict::Ac)),
                Some(judged(Verdict::Ce, Some("line 1\nSyntaxError: \x1b[1m\n"))),
            ),
            (sent("mixed/any.py", None), Some(judged(Verdict::Wa, None))),
            (sent("odd.py", Some(Verdict::Ac)), Some(rejected())),
            (sent("late.py", Some(Verdict::Ac)), None),
        ]);
        let seen = strip_str(&render(&requests, &answers, true, 110)).to_string();
        assert_snapshot!(seen, @r#"
        problem  submission    verdict    expected  tests      CPU   memory  message
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
        sum      good.py       AC         AC          3/3  0.050 s  8.8 MiB
        sum      bad.py        WA         WA          1/3  0.050 s  8.8 MiB  sample/1: wrong answer at token 1 on
                                                                             line 1
        sum      typo.py       CE         not AC                             SyntaxError: \x1b[1m
        sum      mixed/any.py  WA         any         1/3  0.050 s  8.8 MiB  sample/1: wrong answer at token 1 on
                                                                             line 1
        sum      odd.py        rejected   not AC                             rejected: problem.id: this worker has no
                                                                             problem "sum"
        sum      late.py       no answer  not AC

        3 of 6 submissions are as expected
        "#);
    }

    #[test]
    fn submissions_that_differ_by_their_folder_are_told_apart_with_the_reason_and_no_word_is_broken() {
        let too_slow = |mut answer: Answer| {
            if let Answer::Verdict(judgement) = &mut answer {
                judgement.tests[0].message = Some("used 2.001 s of CPU time, the limit is 2.000 s".to_owned());
            }
            answer
        };
        let (requests, answers) = answered([
            (
                sent("accepted/sum.py", Some(Verdict::Ac)),
                Some(judged(Verdict::Ac, None)),
            ),
            (
                sent("wrong_answer/sum.py", Some(Verdict::Wa)),
                Some(judged(Verdict::Wa, None)),
            ),
            (
                sent("time_limit_exceeded/sum.py", Some(Verdict::Tle)),
                Some(too_slow(judged(Verdict::Tle, None))),
            ),
        ]);
        let narrow = strip_str(&render(&requests, &answers, true, 80)).to_string();
        assert_snapshot!(narrow, @r"
        problem  submission                  verdict  expected  tests      CPU   memory
        ────────────────────────────────────────────────────────────────────────────────
        sum      accepted/sum.py             AC       AC          3/3  0.050 s  8.8 MiB
        sum      wrong_answer/sum.py         WA       WA          1/3  0.050 s  8.8 MiB
            sample/1: wrong answer at token 1 on line 1
        sum      time_limit_exceeded/sum.py  TLE      TLE         1/3  0.050 s  8.8 MiB
            sample/1: used 2.001 s of CPU time, the limit is 2.000 s

        3 of 3 submissions are as expected
        ");
        let wide = strip_str(&render(&requests, &answers, true, 140)).to_string();
        assert_snapshot!(wide, @r"
        problem  submission                  verdict  expected  tests      CPU   memory  message
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        sum      accepted/sum.py             AC       AC          3/3  0.050 s  8.8 MiB
        sum      wrong_answer/sum.py         WA       WA          1/3  0.050 s  8.8 MiB  sample/1: wrong answer at token 1 on line 1
        sum      time_limit_exceeded/sum.py  TLE      TLE         1/3  0.050 s  8.8 MiB  sample/1: used 2.001 s of CPU time, the limit is 2.000 s

        3 of 3 submissions are as expected
        ");
    }

    #[test]
    fn the_exit_code_is_the_worst_of_all() {
        let good = || (sent("a", Some(Verdict::Ac)), Some(judged(Verdict::Ac, None)));
        let cases = [
            (good(), 0),
            ((sent("b", Some(Verdict::Wa)), Some(judged(Verdict::Wa, None))), 0),
            ((sent("b", None), Some(judged(Verdict::Tle, None))), 0),
            ((sent("b", Some(Verdict::Ac)), Some(judged(Verdict::Wa, None))), 1),
            ((sent("b", Some(Verdict::Wa)), Some(judged(Verdict::Ac, None))), 1),
            ((sent("b", Some(Verdict::Ac)), Some(rejected())), 2),
            ((sent("b", Some(Verdict::Ac)), Some(judged(Verdict::Je, None))), 3),
            ((sent("b", None), Some(judged(Verdict::Je, None))), 3),
            ((sent("b", Some(Verdict::Ac)), None), 3),
        ];
        for (case, code) in cases {
            let (requests, answers) = answered([case, good()]);
            assert_eq!(exit_code(&requests, &answers), ExitCode::from(code));
        }
    }
}
