//! What a submission takes up in memory.

use crate::contract::{CallTest, SourceFile, Submission, Target};

impl Submission {
    /// What its files, tests and inputs take up in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let files = |files: &[SourceFile]| files.iter().map(|file| file.content.len()).sum::<usize>();
        let length = |text: Option<&String>| text.map_or(0, String::len);
        let target = match &self.target {
            // A test set is held once, however many submissions name it.
            Target::Problem(_) | Target::TestSet(_) => 0,
            Target::Inline { tests, .. } => {
                let texts = tests
                    .iter()
                    .map(|test| length(test.input.as_ref()) + length(test.answer.as_ref()));
                texts.sum()
            }
            Target::Calls(calls) => calls.tests.iter().map(CallTest::bytes).sum(),
            Target::Asserts(asserts) => asserts.iter().map(|test| test.code.len()).sum(),
            Target::Units(units) => files(&units.files),
            Target::Run(run) => {
                let inputs = run.inputs.iter();
                inputs.map(|input| input.stdin.len() + files(&input.files)).sum()
            }
        };
        files(&self.files) + target
    }
}
