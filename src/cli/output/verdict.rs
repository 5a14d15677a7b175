//! A verdict for people: the tests that ran, the input and output of the failing ones, and a summary line.

use anstyle::{AnsiColor, Style};
use anyhow::anyhow;
use comfy_table::Cell;

use crate::cli::output::escape::{escape, escape_line};
use crate::cli::output::failed_test::details;
use crate::cli::table::{self, Column};
use crate::cli::units::{seconds, size};
use crate::cli::{Failure, print};
use crate::contract::{Judgement, SecuritySeverity, SecuritySource, TestVerdict, Verdict};

/// Failing samples that are shown in full.
const DETAILS_AT_MOST: usize = 3;
const DIM: Style = Style::new().dimmed();

/// Prints a verdict, as JSON or for people; a judge error is a failure of ours.
pub(in crate::cli) fn show(judgement: &Judgement, json: bool) -> Result<(), Failure> {
    if json {
        print::json(judgement)?;
    } else {
        print::text(&render(judgement, print::width()))?;
    }
    if judgement.verdict == Verdict::Je {
        let reason = judgement.message.as_deref().unwrap_or("no reason is given");
        return Err(Failure::ours(anyhow!(
            "the judge failed, the submission did not: {reason}"
        )));
    }
    Ok(())
}

/// The whole report, `width` characters wide, with colours.
pub(in crate::cli) fn render(judgement: &Judgement, width: u16) -> String {
    let ran: Vec<&TestVerdict> = judgement
        .tests
        .iter()
        .filter(|test| test.verdict != Verdict::Sk)
        .collect();
    let mut parts = Vec::new();
    if !ran.is_empty() {
        parts.push(tests(&ran, width));
    }
    if !judgement.groups.is_empty() {
        parts.push(groups(judgement, width));
    }
    parts.extend(worth_showing(&ran).into_iter().map(|test| details(test, width)));
    // A judge error is printed on standard error.
    if let Some(message) = judgement.message.as_ref().filter(|_| judgement.verdict != Verdict::Je) {
        parts.push(escape(message.trim_end()));
    }
    if let Some(noticed) = noticed(judgement) {
        parts.push(noticed);
    }
    parts.push(summary(judgement));
    parts.join("\n\n")
}

fn tests(ran: &[&TestVerdict], width: u16) -> String {
    let columns = [
        Column::Text("test"),
        Column::Word("verdict"),
        Column::Number("score"),
        Column::Number("CPU"),
        Column::Number("wall"),
        Column::Number("memory"),
        Column::Word("end"),
        Column::Note("message"),
    ];
    let rows: Vec<_> = ran.iter().map(|test| row(test)).collect();
    table::render(&columns, &rows, width)
}

fn row(test: &TestVerdict) -> Vec<Cell> {
    // What was exceeded, where a limit was.
    let message = test.message.as_ref().or(test.checker_message.as_ref());
    vec![
        table::text(&test.name),
        table::verdict(test.verdict),
        points(test.score),
        Cell::new(seconds(test.cpu_ms)),
        Cell::new(seconds(test.wall_ms)),
        Cell::new(size(test.memory_bytes)),
        table::text(&end(test)),
        table::text(message.map_or("", |message| message.trim())),
    ]
}

fn groups(judgement: &Judgement, width: u16) -> String {
    let columns = [Column::Text("group"), Column::Word("verdict"), Column::Number("score")];
    let rows: Vec<_> = judgement
        .groups
        .iter()
        .map(|group| {
            vec![
                table::text(&group.name),
                table::verdict(group.verdict),
                points(group.score),
            ]
        })
        .collect();
    table::render(&columns, &rows, width)
}

fn points(score: Option<f64>) -> Cell {
    Cell::new(score.map(|score| score.to_string()).unwrap_or_default())
}

/// How a run ended, unless it ended well.
fn end(test: &TestVerdict) -> String {
    match (test.exit_code, &test.signal) {
        (_, Some(signal)) => signal.clone(),
        (Some(0) | None, None) => String::new(),
        (Some(code), None) => format!("exit {code}"),
    }
}

/// The failing samples; without one, the first failing test.
fn worth_showing<'a>(ran: &[&'a TestVerdict]) -> Vec<&'a TestVerdict> {
    let failing = || ran.iter().copied().filter(|test| test.verdict != Verdict::Ac);
    let samples: Vec<_> = failing().filter(|test| test.sample).take(DETAILS_AT_MOST).collect();
    if samples.is_empty() {
        failing().take(1).collect()
    } else {
        samples
    }
}

/// Findings that point at an attack; what beginners do by mistake stands in the document only.
fn noticed(judgement: &Judgement) -> Option<String> {
    let findings = judgement.security.iter();
    let lines: Vec<String> = findings
        .filter(|finding| finding.severity > SecuritySeverity::Notice)
        .map(|finding| {
            let (kind, test) = (finding.kind.name(), escape_line(&finding.first_test));
            let advice = match finding.source {
                SecuritySource::Audit => " (as the interpreter says)",
                SecuritySource::Kernel => "",
            };
            format!("noticed {kind} in {test}: {}{advice}", escape_line(&finding.detail))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// One line, such as `AC accepted  12/12 tests  0.080 s CPU  9.1 MiB`.
fn summary(judgement: &Judgement) -> String {
    let totals = &judgement.totals;
    let style = style_of(judgement.verdict);
    let (code, words) = (judgement.verdict.code(), judgement.verdict.describe());
    let verdict = if code == words {
        words.to_owned()
    } else {
        format!("{code} {words}")
    };
    let mut parts = vec![format!("{style}{verdict}{style:#}")];
    parts.extend(judgement.score.map(|score| format!("score {score}")));
    if totals.tests > totals.skipped {
        parts.push(format!("{}/{} tests", totals.passed, totals.tests));
        parts.push(format!("{} CPU", seconds(totals.cpu_ms)));
        parts.push(size(totals.max_memory_bytes));
    }
    parts.extend((totals.skipped > 0).then(|| format!("{DIM}{} not run{DIM:#}", totals.skipped)));
    parts.join("  ")
}

fn style_of(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Ac => AnsiColor::Green,
        Verdict::Je => AnsiColor::Magenta,
        _ => AnsiColor::Red,
    };
    color.on_default().bold()
}

#[cfg(test)]
pub(in crate::cli) mod tests {
    use anstream::adapter::strip_str;
    use insta::assert_snapshot;

    use super::*;
    use crate::contract::Excerpt;

    /// The verdict that the documentation shows.
    pub(in crate::cli) fn example() -> Judgement {
        crate::contract::document(include_bytes!("../../../docs/examples/verdict.json")).unwrap()
    }

    fn seen(judgement: &Judgement, width: u16) -> String {
        strip_str(&render(judgement, width)).to_string()
    }

    fn excerpt(text: &str) -> Excerpt {
        Excerpt {
            text: text.to_owned(),
            bytes: text.len() as u64,
            truncated: false,
        }
    }

    #[test]
    fn a_report_shows_the_tests_and_the_failing_sample() {
        assert_snapshot!(seen(&example(), 100), @r#"
        test             verdict      CPU     wall   memory  end      message
        ────────────────────────────────────────────────────────────────────────────────────────────────
        sample/1         WA       0.015 s  0.024 s  8.3 MiB           wrong answer at token 1 on line 1
        secret/01-zero   AC       0.014 s  0.022 s  8.2 MiB
        secret/02-large  RTE      0.021 s  0.030 s  8.8 MiB  SIGSEGV

        sample/1
          input
            1 2
          expected
            3
          got
            -1

        WA wrong answer  1/3 tests  0.050 s CPU  8.8 MiB
        "#);
    }

    #[test]
    fn a_report_fits_a_narrow_terminal() {
        let mut judgement = example();
        judgement.tests[1].name = "secret/a-name-that-goes-on-and-on-and-on".to_owned();
        judgement.tests[0].stdout = excerpt(&"9".repeat(200));
        let shown = seen(&judgement, 72);
        assert!(shown.lines().all(|line| line.chars().count() <= 72), "{shown}");
        assert_snapshot!(shown, @r#"
        test                      verdict      CPU     wall   memory  end
        ──────────────────────────────────────────────────────────────────────
        sample/1                  WA       0.015 s  0.024 s  8.3 MiB
            wrong answer at token 1 on line 1
        secret/a-name-that-goes-  AC       0.014 s  0.022 s  8.2 MiB
        on-and-on-and-on
        secret/02-large           RTE      0.021 s  0.030 s  8.8 MiB  SIGSEGV

        sample/1
          input
            1 2
          expected
            3
          got
            9999999999999999999999999999999999999999999999999999999999999999999…

        WA wrong answer  1/3 tests  0.050 s CPU  8.8 MiB
        "#);
    }

    #[test]
    fn tests_that_did_not_run_are_counted_and_not_listed() {
        let mut judgement = example();
        judgement.verdict = Verdict::Ce;
        judgement.message = Some("  File \"main.py\", line 1\nSyntaxError: \x1b[31minvalid syntax\n".to_owned());
        for test in &mut judgement.tests {
            test.verdict = Verdict::Sk;
        }
        (judgement.totals.skipped, judgement.totals.passed) = (3, 0);
        assert_snapshot!(seen(&judgement, 100), @r#"
          File "main.py", line 1
        SyntaxError: \x1b[31minvalid syntax

        CE does not compile  3 not run
        "#);
    }

    #[test]
    fn what_a_program_prints_cannot_reach_the_terminal() {
        let mut judgement = example();
        let evil = "\x1b]0;owned\x07\x1b[2J\r\u{202e}";
        let test = &mut judgement.tests[0];
        test.name = evil.to_owned();
        test.checker_message = Some(evil.to_owned());
        test.signal = Some(evil.to_owned());
        for shown in [&mut test.stdout, &mut test.stderr] {
            *shown = excerpt(evil);
        }
        (test.input, test.answer) = (Some(excerpt(evil)), Some(excerpt(evil)));
        judgement.message = Some(evil.to_owned());
        let shown = render(&judgement, 200);
        assert!(!shown.contains(['\x07', '\r', '\u{202e}']), "{shown}");
        assert!(!shown.contains("\x1b]") && !shown.contains("\x1b[2J"), "{shown}");
        assert_eq!(shown.matches(r"\x1b]0;owned\x07\x1b[2J\r\u202e").count(), 9, "{shown}");
    }

    #[test]
    fn a_long_output_is_cut_and_a_long_traceback_keeps_its_end() {
        let mut judgement = example();
        let many: String = (1..=99).map(|number| format!("{number}\n")).collect();
        let test = &mut judgement.tests[0];
        (test.stdout, test.stderr) = (excerpt(&many), excerpt(&many));
        let shown = seen(&judgement, 100);
        assert!(shown.contains("    12\n    ... 288 B in all\n"), "{shown}");
        assert!(
            shown.contains("    ... 288 B in all\n    88\n") && shown.contains("    99\n"),
            "{shown}"
        );
    }

    #[test]
    fn a_scoring_problem_shows_its_groups_and_points() {
        let mut judgement = example();
        judgement.score = Some(40.0);
        judgement.groups = vec![
            crate::contract::GroupVerdict {
                name: "secret/small".to_owned(),
                verdict: Verdict::Ac,
                score: Some(40.0),
            },
            crate::contract::GroupVerdict {
                name: "secret/large".to_owned(),
                verdict: Verdict::Wa,
                score: Some(0.0),
            },
        ];
        let shown = seen(&judgement, 100);
        let groups = shown.split("\n\n").find(|part| part.starts_with("group")).unwrap();
        assert_snapshot!(groups, @r#"
        group         verdict  score
        ─────────────────────────────
        secret/small  AC          40
        secret/large  WA           0
        "#);
        assert!(
            shown.ends_with("WA wrong answer  score 40  1/3 tests  0.050 s CPU  8.8 MiB"),
            "{shown}"
        );
    }
}
