//! What the grader of a package reads and writes (legacy format, section "Graders").

use bytes::Bytes;

use crate::contract::Verdict;
use crate::judge::grading::GroupResult;
use crate::problem::{CustomGrader, TestGroup};

/// The results of a group for its grader.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct GraderInput<'a> {
    pub(in crate::judge) group: &'a TestGroup,
    pub(in crate::judge) flags: &'a [String],
    /// Scores that the package allows the group.
    range: (f64, f64),
    results: Vec<GroupResult>,
}

/// What a grader printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::judge) struct GraderAnswer {
    verdict: Verdict,
    score: f64,
}

impl<'a> GraderInput<'a> {
    /// Of results in the order of their items.
    pub(super) fn new(group: &'a TestGroup, grader: &'a CustomGrader, results: Vec<GroupResult>) -> Self {
        Self {
            group,
            flags: &grader.flags,
            range: grader.range,
            results,
        }
    }

    /// Its standard input: a line for each result.
    pub(in crate::judge) fn text(&self) -> Bytes {
        let lines = self
            .results
            .iter()
            .map(|result| format!("{} {}\n", verdict_for_graders(result.verdict), result.score));
        lines.collect::<String>().into()
    }

    /// The score that the package does not allow the group, if it is one that counts.
    pub(in crate::judge) fn forbidden_score(&self, answer: GraderAnswer) -> Option<(f64, (f64, f64))> {
        let (lowest, highest) = self.range;
        let counts = answer.verdict == Verdict::Ac;
        (counts && !(lowest..=highest).contains(&answer.score)).then_some((answer.score, self.range))
    }

    /// What the group came to by the answer. The score of one that is not accepted does not count.
    pub(in crate::judge) fn result(&self, answer: GraderAnswer) -> GroupResult {
        let meant = self.results.iter().map(|result| result.verdict);
        let verdict = meant
            .into_iter()
            .find(|verdict| verdict_for_graders(*verdict) == answer.verdict);
        GroupResult {
            verdict: verdict.unwrap_or(answer.verdict),
            score: if answer.verdict == Verdict::Ac {
                answer.score
            } else {
                0.0
            },
        }
    }
}

impl GraderAnswer {
    /// A verdict and a score, and nothing else.
    pub(in crate::judge) fn read(output: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(output).ok()?.split_ascii_whitespace();
        let verdict = match words.next()? {
            "AC" => Verdict::Ac,
            "WA" => Verdict::Wa,
            "TLE" => Verdict::Tle,
            "RTE" => Verdict::Rte,
            "MLE" => Verdict::Mle,
            "OLE" => Verdict::Ole,
            _ => return None,
        };
        let score = words.next()?.parse().ok().filter(|score: &f64| score.is_finite())?;
        words.next().is_none().then_some(Self { verdict, score })
    }
}

/// The format knows four verdicts; every other end of a program is a run-time error there.
fn verdict_for_graders(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Ac | Verdict::Wa | Verdict::Tle => verdict,
        _ => Verdict::Rte,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Grading, Item, OnReject};

    #[test]
    fn a_grader_reads_the_four_verdicts_of_the_format_and_answers_for_what_it_was_told() {
        use Verdict::{Ac, Mle, Ole, Rte, Tle, Wa};
        let grader = CustomGrader {
            flags: Vec::new(),
            accept_score: 1.0,
            reject_score: 0.0,
            range: (0.0, 10.0),
        };
        let group = TestGroup {
            name: "secret".to_owned(),
            items: vec![Item::Case(0), Item::Case(1), Item::Case(2)],
            on_reject: OnReject::Continue,
            grading: Grading::Custom(grader.clone()),
        };
        let (mixed, failed) = ("AC 0.5\nWA 1.5\nTLE 2.5\n", "AC 0.5\nRTE 1.5\nRTE 2.5\n");
        let accepted = "AC 0.5\nAC 1.5\nAC 2.5\n";
        type Row = ([Verdict; 3], &'static str, &'static str, Option<(Verdict, f64)>);
        let rows: [Row; 11] = [
            ([Ac, Wa, Tle], mixed, "AC 7\n", Some((Ac, 7.0))),
            ([Ac, Wa, Tle], mixed, "WA 7", Some((Wa, 0.0))),
            ([Ac, Mle, Ole], failed, "RTE 0\n", Some((Mle, 0.0))),
            ([Ac, Mle, Ole], failed, "OLE 0\n", Some((Ole, 0.0))),
            ([Ac, Ac, Ac], accepted, " RTE  -1e1 \n", Some((Rte, 0.0))),
            ([Ac, Ac, Ac], accepted, "", None),
            ([Ac, Ac, Ac], accepted, "AC", None),
            ([Ac, Ac, Ac], accepted, "AC nan", None),
            ([Ac, Ac, Ac], accepted, "AC 1 2", None),
            ([Ac, Ac, Ac], accepted, "JE 1", None),
            ([Ac, Ac, Ac], accepted, "ac 1", None),
        ];
        for (verdicts, text, output, expected) in rows {
            let scored = verdicts.into_iter().zip([0.5, 1.5, 2.5]);
            let results = scored.map(|(verdict, score)| GroupResult { verdict, score });
            let input = GraderInput::new(&group, &grader, results.collect());
            assert_eq!(input.text(), text);
            let answer = GraderAnswer::read(output.as_bytes()).map(|answer| input.result(answer));
            let expected = expected.map(|(verdict, score)| GroupResult { verdict, score });
            assert_eq!(answer, expected, "{output:?}");
        }
        let input = GraderInput::new(&group, &grader, Vec::new());
        for (output, forbidden) in [("AC 10", false), ("AC 10.5", true), ("AC -1", true), ("WA 99", false)] {
            let answer = GraderAnswer::read(output.as_bytes()).unwrap();
            assert_eq!(input.forbidden_score(answer).is_some(), forbidden, "{output}");
        }
    }
}
