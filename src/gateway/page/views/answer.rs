//! An answer as a page shows it: the tests, the input and output of the failing ones, and the security findings.

use crate::contract::{
    Answer, AnswerRow, Excerpt, Payload, RunReport, SecurityFinding, SecuritySeverity, TestVerdict, Verdict,
};
use crate::gateway::page::views::visible::{Output, PageRoom};
use crate::gateway::page::views::words::{State, moment, roughly, seconds, size};

/// Tests and runs of which inputs and outputs are shown.
const MOST_DETAILS: usize = 20;

/// What an answer may take up of a page by what was printed, in bytes of HTML.
const ROOM: usize = 2 << 20;

/// Longest note of a row, in bytes; details have the whole.
const LONGEST_NOTE: usize = 400;

/// An answer.
#[derive(Debug)]
pub(in crate::gateway::page) struct AnswerView {
    pub(in crate::gateway::page) message: Option<Output>,
    pub(in crate::gateway::page) score: Option<String>,
    pub(in crate::gateway::page) rows: Vec<Row>,
    pub(in crate::gateway::page) groups: Vec<Group>,
    pub(in crate::gateway::page) details: Vec<Details>,
    pub(in crate::gateway::page) findings: Vec<Finding>,
    pub(in crate::gateway::page) facts: Vec<(&'static str, String)>,
    /// Outputs for which there was no room.
    pub(in crate::gateway::page) cut: usize,
}

/// A test or a run.
#[derive(Debug)]
pub(in crate::gateway::page) struct Row {
    pub(in crate::gateway::page) name: String,
    /// Where its inputs and outputs are on the page, if they are.
    pub(in crate::gateway::page) details: Option<usize>,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) cpu: String,
    pub(in crate::gateway::page) wall: String,
    pub(in crate::gateway::page) memory: String,
    pub(in crate::gateway::page) end: String,
    pub(in crate::gateway::page) note: String,
}

/// A test group.
#[derive(Debug)]
pub(in crate::gateway::page) struct Group {
    pub(in crate::gateway::page) name: String,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) score: String,
}

/// Inputs and outputs of a test or a run.
#[derive(Debug)]
pub(in crate::gateway::page) struct Details {
    /// Which test or run it is, from 0.
    pub(in crate::gateway::page) number: usize,
    pub(in crate::gateway::page) name: String,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) blocks: Vec<Block>,
}

/// One input or output.
#[derive(Debug)]
pub(in crate::gateway::page) struct Block {
    pub(in crate::gateway::page) title: String,
    pub(in crate::gateway::page) output: Output,
}

/// Something that was noticed.
#[derive(Debug)]
pub(in crate::gateway::page) struct Finding {
    pub(in crate::gateway::page) severity: &'static str,
    pub(in crate::gateway::page) kind: String,
    pub(in crate::gateway::page) source: &'static str,
    pub(in crate::gateway::page) tests: u64,
    pub(in crate::gateway::page) first_test: String,
    pub(in crate::gateway::page) detail: String,
}

impl AnswerView {
    pub(in crate::gateway::page) fn of(answer: &Answer) -> Self {
        let (message, security) = match answer {
            Answer::Verdict(it) => (&it.message, &it.security),
            Answer::Result(it) => (&it.message, &it.security),
        };
        let message = message.as_ref();
        let mut message = message.map(|text| Output::of(text.as_bytes(), text.len() as u64));
        let mut details = details(answer);
        details.retain(|detail| !detail.blocks.is_empty());
        let mut room = PageRoom::of(ROOM);
        let blocks = details.iter_mut().flat_map(|detail| &mut detail.blocks);
        let outputs = message.iter_mut().chain(blocks.map(|block| &mut block.output));
        outputs.for_each(|output| output.fit(&mut room));
        Self {
            message,
            score: answer.score().map(|score| score.to_string()),
            rows: rows(answer, &details),
            groups: groups(answer),
            details,
            findings: noticed(security).map(Finding::from).collect(),
            facts: facts(answer),
            cut: room.cut,
        }
    }
}

/// Findings that point at an attack; what beginners do by mistake stands in the document only.
fn noticed(findings: &[SecurityFinding]) -> impl Iterator<Item = &SecurityFinding> {
    findings
        .iter()
        .filter(|finding| finding.severity > SecuritySeverity::Notice)
}

fn rows(answer: &Answer, details: &[Details]) -> Vec<Row> {
    let notes: Vec<Option<&String>> = match answer {
        Answer::Verdict(it) => it
            .tests
            .iter()
            .map(|test| {
                let validator = test.checker_message.as_ref().or(test.judge_message.as_ref());
                test.message.as_ref().or(validator)
            })
            .collect(),
        Answer::Result(it) => it.runs.iter().map(|run| run.message.as_ref()).collect(),
    };
    let shown = |number: &usize| details.iter().any(|detail| detail.number == *number);
    let rows = answer.rows().into_iter().zip(notes).enumerate();
    rows.map(|(number, (row, note))| Row {
        name: row.name.to_owned(),
        details: Some(number).filter(shown),
        state: State::of(row.code),
        cpu: ran(&row, seconds(row.cpu_ms)),
        wall: ran(&row, seconds(row.wall_ms)),
        memory: ran(&row, size(row.memory_bytes)),
        end: end(&row),
        note: note.map(|note| shortened(note.trim())).unwrap_or_default(),
    })
    .collect()
}

fn shortened(note: &str) -> String {
    let end = note.floor_char_boundary(LONGEST_NOTE);
    match end < note.len() {
        true => format!("{} …", &note[..end]),
        false => note.to_owned(),
    }
}

/// A figure of a test that was run.
fn ran(row: &AnswerRow<'_>, figure: String) -> String {
    if row.code == Verdict::Sk.code() {
        String::new()
    } else {
        figure
    }
}

fn end(row: &AnswerRow<'_>) -> String {
    match (row.signal, row.exit_code) {
        (Some(signal), _) => signal.to_owned(),
        (None, Some(code)) if code != 0 => format!("exit {code}"),
        _ => String::new(),
    }
}

fn groups(answer: &Answer) -> Vec<Group> {
    let Answer::Verdict(judgement) = answer else {
        return Vec::new();
    };
    let groups = judgement.groups.iter().map(|group| Group {
        name: group.name.clone(),
        state: State::of(group.verdict.code()),
        score: group.score.map(|score| score.to_string()).unwrap_or_default(),
    });
    groups.collect()
}

/// Of runs all, of tests those that failed; of a submission that was accepted the samples.
fn details(answer: &Answer) -> Vec<Details> {
    match answer {
        Answer::Result(result) => {
            let runs = result.runs.iter().enumerate();
            runs.take(MOST_DETAILS).map(of_a_run).collect()
        }
        Answer::Verdict(judgement) => {
            let is_accepted = judgement.verdict == Verdict::Ac;
            let is_shown = |(_number, test): &(usize, &TestVerdict)| match test.verdict {
                Verdict::Ac => is_accepted && test.sample,
                Verdict::Sk => false,
                _ => true,
            };
            let shown = judgement.tests.iter().enumerate().filter(is_shown);
            shown.take(MOST_DETAILS).map(of_a_test).collect()
        }
    }
}

fn of_a_test((number, test): (usize, &TestVerdict)) -> Details {
    let (mut got, printed) = got_and_printed(test);
    let mut expected = test.answer.as_ref().map(excerpt);
    if let (Verdict::Wa, Some(expected), Some(got)) = (test.verdict, &mut expected, &mut got) {
        expected.mark_difference(got);
    }
    let text = |text: &String| Output::of(text.as_bytes(), text.len() as u64);
    let blocks = [
        ("Message", test.checker_message.as_ref().map(text)),
        ("Message to judges", test.judge_message.as_ref().map(text)),
        ("Input", test.input.as_ref().map(excerpt)),
        ("Expected", expected),
        ("Got", got),
        ("Printed", printed.filter(|printed| !printed.is_empty())),
        (
            "Standard error",
            Some(excerpt(&test.stderr)).filter(|stderr| !stderr.is_empty()),
        ),
        ("Conversation", test.transcript.as_ref().map(excerpt)),
    ];
    Details {
        number,
        name: test.name.clone(),
        state: State::of(test.verdict.code()),
        blocks: blocks
            .into_iter()
            .filter_map(|(title, output)| {
                output.map(|output| Block {
                    title: title.to_owned(),
                    output,
                })
            })
            .collect(),
    }
}

/// What is judged, and what was printed beside it: a function that is called returns the former, and a unit test, which is
/// named by the node id of pytest, has none.
fn got_and_printed(test: &TestVerdict) -> (Option<Output>, Option<Output>) {
    let printed = excerpt(&test.stdout);
    match &test.value {
        Some(value) => (Some(excerpt(value)), Some(printed)),
        None if test.name.contains("::") => (None, Some(printed)),
        None => (Some(printed), None),
    }
}

fn of_a_run((number, run): (usize, &RunReport)) -> Details {
    let mut blocks = vec![Block {
        title: "Standard output".to_owned(),
        output: payload(&run.stdout),
    }];
    let stderr = payload(&run.stderr);
    if !stderr.is_empty() {
        blocks.push(Block {
            title: "Standard error".to_owned(),
            output: stderr,
        });
    }
    for file in &run.files {
        if let Some(content) = &file.content {
            blocks.push(Block {
                title: file.path.clone(),
                output: payload(content),
            });
        }
    }
    Details {
        number,
        name: run.name.clone(),
        state: State::of(run.status.code()),
        blocks,
    }
}

fn excerpt(excerpt: &Excerpt) -> Output {
    Output::of(excerpt.text.as_bytes(), excerpt.bytes)
}

fn payload(payload: &Payload) -> Output {
    Output::of(&payload.content().unwrap_or_default(), payload.bytes)
}

impl From<&SecurityFinding> for Finding {
    fn from(finding: &SecurityFinding) -> Self {
        Self {
            severity: finding.severity.name(),
            kind: finding.kind.name().replace('_', " "),
            source: finding.source.name(),
            tests: finding.tests,
            first_test: finding.first_test.clone(),
            detail: finding.detail.clone(),
        }
    }
}

fn facts(answer: &Answer) -> Vec<(&'static str, String)> {
    let limits = match answer {
        Answer::Verdict(it) => &it.limits,
        Answer::Result(it) => &it.limits,
    };
    let sandbox = answer.sandbox();
    let environment = sandbox.environment.as_ref().map(|environment| {
        let versions = environment
            .versions
            .iter()
            .map(|(name, version)| format!("{name} {version}"));
        format!("{} ({})", environment.name, versions.collect::<Vec<_>>().join(", "))
    });
    let took = answer.judged_at().duration_since(answer.received_at()).as_secs_f64();
    let judged = format!("{}, in {}", moment(answer.judged_at()), roughly(took));
    let revision = answer.problem().and_then(|problem| problem.revision.clone());
    let facts = [
        ("CPU time of all", Some(seconds(answer.cpu_ms()))),
        ("CPU limit", Some(seconds(limits.cpu_ms))),
        ("Wall limit", Some(seconds(limits.wall_ms))),
        ("Memory limit", Some(size(limits.memory_bytes))),
        ("Judged", Some(judged)),
        ("Revision", revision),
        ("Worker", Some(answer.worker().to_owned())),
        ("Boxes", Some(format!("{}, {}", sandbox.backend, sandbox.runtime))),
        ("Environment", environment),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect()
}
