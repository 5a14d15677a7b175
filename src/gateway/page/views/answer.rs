//! An answer as a page shows it: the tests, the input and output of the failing ones, and the security findings.

use crate::contract::{Answer, AnswerRow, Excerpt, Payload, RunReport, SecurityFinding, TestVerdict, Verdict};
use crate::gateway::page::views::visible::{Output, PageRoom};
use crate::gateway::page::views::words::{State, seconds, size};

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
        let mut room = PageRoom::of(ROOM);
        let blocks = details.iter_mut().flat_map(|detail| &mut detail.blocks);
        let outputs = message.iter_mut().chain(blocks.map(|block| &mut block.output));
        outputs.for_each(|output| output.fit(&mut room));
        Self {
            message,
            score: answer.score().map(|score| score.to_string()),
            rows: rows(answer),
            groups: groups(answer),
            details,
            findings: security.iter().map(Finding::from).collect(),
            facts: facts(answer),
            cut: room.cut,
        }
    }
}

fn rows(answer: &Answer) -> Vec<Row> {
    let notes: Vec<Option<&String>> = match answer {
        Answer::Verdict(it) => it
            .tests
            .iter()
            .map(|test| test.message.as_ref().or(test.checker_message.as_ref()))
            .collect(),
        Answer::Result(it) => it.runs.iter().map(|run| run.message.as_ref()).collect(),
    };
    let rows = answer.rows().into_iter().zip(notes);
    rows.map(|(row, note)| Row {
        name: row.name.to_owned(),
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
        Answer::Result(result) => result.runs.iter().take(MOST_DETAILS).map(of_a_run).collect(),
        Answer::Verdict(judgement) => {
            let is_accepted = judgement.verdict == Verdict::Ac;
            let is_shown = |test: &&TestVerdict| match test.verdict {
                Verdict::Ac => is_accepted && test.sample,
                Verdict::Sk => false,
                _ => true,
            };
            let shown = judgement.tests.iter().filter(is_shown);
            shown.take(MOST_DETAILS).map(of_a_test).collect()
        }
    }
}

fn of_a_test(test: &TestVerdict) -> Details {
    let mut got = excerpt(test.value.as_ref().unwrap_or(&test.stdout));
    let mut expected = test.answer.as_ref().map(excerpt);
    if let (Verdict::Wa, Some(expected)) = (test.verdict, &mut expected) {
        expected.mark_difference(&mut got);
    }
    let text = |text: &String| Output::of(text.as_bytes(), text.len() as u64);
    let printed = test.value.as_ref().map(|_value| excerpt(&test.stdout));
    let blocks = [
        ("Validator", test.checker_message.as_ref().map(text)),
        ("Validator, to judges", test.judge_message.as_ref().map(text)),
        ("Input", test.input.as_ref().map(excerpt)),
        ("Expected", expected),
        ("Got", Some(got)),
        ("Printed", printed.filter(|printed| !printed.is_empty())),
        (
            "Standard error",
            Some(excerpt(&test.stderr)).filter(|stderr| !stderr.is_empty()),
        ),
        ("Conversation", test.transcript.as_ref().map(excerpt)),
    ];
    Details {
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

fn of_a_run(run: &RunReport) -> Details {
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
    let revision = answer.problem().and_then(|problem| problem.revision.clone());
    let facts = [
        ("CPU time of all", Some(seconds(answer.cpu_ms()))),
        ("CPU limit", Some(seconds(limits.cpu_ms))),
        ("Wall limit", Some(seconds(limits.wall_ms))),
        ("Memory limit", Some(size(limits.memory_bytes))),
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
