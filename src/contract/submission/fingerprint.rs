//! What makes two messages with the same id the same submission.

use sha2::{Digest as _, Sha256};

use crate::contract::{AssertTest, CallProcesses, CallTests, RunTarget, SourceFile, Submission, Target, TestSetTarget};

/// Digest of what a submission asks for: the program, what it is judged against, and how. Metadata are not part of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint([u8; 32]);

impl Submission {
    /// The digest of its content.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut digest = Sha256::new();
        add(&mut digest, self.language.as_bytes());
        add(&mut digest, self.entry_point.as_deref().unwrap_or_default().as_bytes());
        add_files(&mut digest, &self.files);
        match &self.target {
            Target::Problem(problem) => {
                add(&mut digest, b"problem");
                add_json(&mut digest, problem);
            }
            Target::Inline { tests, validator_flags } => {
                add(&mut digest, b"tests");
                add_json(&mut digest, tests);
                add_json(&mut digest, validator_flags);
            }
            Target::TestSet(set) => add_test_set(&mut digest, set),
            Target::Calls(calls) => add_calls(&mut digest, calls),
            Target::Asserts(asserts) => {
                add(&mut digest, b"asserts");
                for AssertTest { name, code, function } in asserts {
                    [name, code].iter().for_each(|part| add(&mut digest, part.as_bytes()));
                    add_json(&mut digest, function);
                }
            }
            Target::Units(units) => {
                add(&mut digest, b"pytest");
                add_files(&mut digest, &units.files);
                add_json(&mut digest, &(&units.module, units.strict));
            }
            Target::Run(run) => add_run(&mut digest, run),
        }
        add_json(&mut digest, &self.limits);
        add_json(&mut digest, &self.stop_on_first_failure);
        Fingerprint(digest.finalize().into())
    }
}

impl Fingerprint {
    /// The digest, as it is stored.
    pub fn to_bytes(self) -> Vec<u8> {
        self.0.to_vec()
    }

    /// Whether the stored digest is of another content.
    pub fn contradicts(self, stored: &[u8]) -> bool {
        self.0 != stored
    }
}

/// A part with its length before it, so that no two lists of parts look alike.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_le_bytes());
    digest.update(part);
}

fn add_files(digest: &mut Sha256, files: &[SourceFile]) {
    add(digest, &files.len().to_le_bytes());
    for file in files {
        add(digest, file.name.as_bytes());
        add(digest, &file.content);
    }
}

fn add_test_set(digest: &mut Sha256, set: &TestSetTarget) {
    add(digest, b"test_set");
    add(digest, set.hash.as_bytes());
    add_json(digest, &set.validator_flags);
    add_json(digest, &set.processes);
}

fn add_calls(digest: &mut Sha256, calls: &CallTests) {
    add(digest, b"calls");
    for call in &calls.tests {
        add(digest, call.name.as_bytes());
        add_json(digest, &call.message);
        add_json(digest, &call.tuples_are_lists());
        // Fields that were added later are hashed only where they are used, so that older digests stay the same.
        if call.single_is_item() {
            add(digest, b"single_is_item");
        }
    }
    if calls.processes != CallProcesses::Each {
        add_json(digest, &calls.processes);
    }
}

fn add_run(digest: &mut Sha256, run: &RunTarget) {
    add(digest, b"run");
    add_json(digest, &run.fetch);
    add(digest, &run.inputs.len().to_le_bytes());
    for input in &run.inputs {
        add(digest, input.name.as_bytes());
        add(digest, &input.stdin);
        add_json(digest, &input.args);
        add_files(digest, &input.files);
    }
}

fn add_json(digest: &mut Sha256, part: &impl serde::Serialize) {
    // These types always serialise; a failure would make all alike, never an answer of one submission another's.
    add(digest, &serde_json::to_vec(part).unwrap_or_default());
}
