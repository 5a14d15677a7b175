//! What makes two messages with the same id the same submission.

use sha2::{Digest as _, Sha256};

use crate::contract::{Submission, Target};

/// Length of a SHA-256 digest.
const DIGEST_BYTES: usize = 32;

/// Digests of what a submission asks for. Metadata are not part of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Of what is judged: the program, its language, the problem or the tests.
    program: [u8; DIGEST_BYTES],
    /// Of how it is judged: the revision, the limits, whether to stop early.
    terms: [u8; DIGEST_BYTES],
}

impl Submission {
    /// The digests of its content.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut program = Sha256::new();
        let mut terms = Sha256::new();
        add(&mut program, self.language.as_bytes());
        add(&mut program, self.entry_point.as_deref().unwrap_or_default().as_bytes());
        for file in &self.files {
            add(&mut program, file.name.as_bytes());
            add(&mut program, &file.content);
        }
        match &self.target {
            Target::Problem(problem) => {
                add(&mut program, b"problem");
                add(&mut program, problem.id.as_bytes());
                add(&mut terms, problem.revision.as_deref().unwrap_or_default().as_bytes());
            }
            Target::Inline { tests, validator_flags } => {
                add(&mut program, b"tests");
                add_json(&mut program, tests);
                add_json(&mut program, validator_flags);
            }
        }
        add_json(&mut terms, &self.limits);
        add_json(&mut terms, &self.stop_on_first_failure);
        Fingerprint {
            program: program.finalize().into(),
            terms: terms.finalize().into(),
        }
    }
}

impl Fingerprint {
    /// Both digests, as they are stored.
    pub fn to_bytes(self) -> Vec<u8> {
        [self.program, self.terms].concat()
    }

    /// Whether the stored digests are of another submission. A wish to judge once more may change how, not what.
    pub fn contradicts(self, stored: &[u8], is_rejudge: bool) -> bool {
        let own = self.to_bytes();
        let compared = if is_rejudge { DIGEST_BYTES } else { own.len() };
        stored.get(..compared) != own.get(..compared)
    }
}

/// A part with its length before it, so that no two lists of parts look alike.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_le_bytes());
    digest.update(part);
}

fn add_json(digest: &mut Sha256, part: &impl serde::Serialize) {
    // These types always serialise; a failure would make all alike, never an answer of one submission another's.
    add(digest, &serde_json::to_vec(part).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use crate::contract::{Metadata, ProblemRef, RequestedLimits, SourceFile, Submission, Target};

    fn arbitrary() -> Submission {
        Submission {
            id: Uuid::nil(),
            language: "python3".to_owned(),
            files: vec![SourceFile {
                name: "main.py".to_owned(),
                content: b"print(1)".to_vec(),
            }],
            entry_point: None,
            target: Target::Problem(ProblemRef {
                id: "sum".to_owned(),
                revision: None,
            }),
            limits: RequestedLimits::default(),
            stop_on_first_failure: None,
            rejudge: None,
            metadata: Metadata::new(),
        }
    }

    #[test]
    fn every_part_of_a_submission_counts_but_its_metadata() {
        type Change = fn(&mut Submission);
        let table: [(&str, Change, bool, bool); 7] = [
            ("nothing", |_| {}, false, false),
            (
                "metadata",
                |it| drop(it.metadata.insert("user".to_owned(), "ada".into())),
                false,
                false,
            ),
            ("content", |it| it.files[0].content.push(b' '), true, true),
            ("file name", |it| it.files[0].name.push('x'), true, true),
            ("language", |it| it.language.push('x'), true, true),
            ("limits", |it| it.limits.cpu_ms = Some(1), true, false),
            (
                "revision",
                |it| {
                    it.target = Target::Problem(ProblemRef {
                        id: "sum".to_owned(),
                        revision: Some("2".to_owned()),
                    });
                },
                true,
                false,
            ),
        ];
        let stored = arbitrary().fingerprint().to_bytes();
        for (name, change, is_another, is_another_when_rejudged) in table {
            let mut changed = arbitrary();
            change(&mut changed);
            let fingerprint = changed.fingerprint();
            assert_eq!(fingerprint.contradicts(&stored, false), is_another, "{name}");
            assert_eq!(
                fingerprint.contradicts(&stored, true),
                is_another_when_rejudged,
                "{name}, rejudged"
            );
        }
    }
}
