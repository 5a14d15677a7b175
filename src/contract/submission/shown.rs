//! What people are shown of a submission: what its program is called, its files, and what that program is given.

use crate::contract::{FileMessage, RunInput, RunInputMessage, SourceFile, Submission, SubmissionMessage, Target};

/// The program of a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownProgram {
    /// Its files.
    pub files: Vec<FileMessage>,
    /// What it is given where it is only run, each named for people; those that are empty are left out.
    pub inputs: Vec<FileMessage>,
}

impl ShownProgram {
    /// Bytes that it takes up.
    pub fn bytes(&self) -> usize {
        self.files.iter().chain(&self.inputs).map(FileMessage::bytes).sum()
    }
}

impl Submission {
    /// What its program is called: the file that it names to be started, else `main.py` and the like, else its first one.
    pub fn program_name(&self) -> Option<&str> {
        let is_main = |file: &&SourceFile| file.name.starts_with("main.");
        let usual = || self.files.iter().find(is_main).or_else(|| self.files.first());
        let named = self.entry_point.as_deref();
        named.or_else(|| usual().map(|file| file.name.as_str()))
    }

    /// Its program.
    pub fn shown(&self) -> ShownProgram {
        let inputs: &[RunInput] = match &self.target {
            Target::Run(run) => &run.inputs,
            _ => &[],
        };
        let inputs = inputs.iter().filter(|input| !input.stdin.is_empty());
        let inputs = inputs.map(|input| SourceFile {
            name: input_named(&input.name),
            content: input.stdin.clone(),
        });
        ShownProgram {
            files: self.files.iter().cloned().map(FileMessage::from).collect(),
            inputs: inputs.map(FileMessage::from).collect(),
        }
    }
}

impl SubmissionMessage {
    /// The same of a message.
    pub fn into_shown(self) -> ShownProgram {
        let inputs = self.run.and_then(|run| run.inputs).unwrap_or_default();
        let inputs = inputs.into_iter().enumerate();
        ShownProgram {
            files: self.files,
            inputs: inputs.filter_map(|(index, input)| input_of(index + 1, input)).collect(),
        }
    }
}

fn input_of(number: usize, input: RunInputMessage) -> Option<FileMessage> {
    let name = input.name.unwrap_or_else(|| number.to_string());
    let content = input.stdin.filter(|text| !text.is_empty());
    let is_something = content.is_some() || input.stdin_base64.is_some();
    is_something.then(|| FileMessage {
        name: input_named(&name),
        content,
        content_base64: input.stdin_base64,
    })
}

fn input_named(name: &str) -> String {
    format!("input {name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{RunMessage, SubmissionCaps, parse};

    fn message(names: &[&str], entry_point: Option<&str>) -> SubmissionMessage {
        let file = |name: &&str| SourceFile {
            name: (*name).to_owned(),
            content: b"print()".to_vec(),
        };
        let input = |name: Option<&str>, stdin: &str| RunInputMessage {
            name: name.map(str::to_owned),
            stdin: Some(stdin.to_owned()),
            ..RunInputMessage::default()
        };
        let run = RunMessage {
            keep_s: None,
            inputs: Some(vec![input(None, ""), input(Some("large"), "7"), input(None, "8")]),
            fetch: Vec::new(),
        };
        SubmissionMessage {
            entry_point: entry_point.map(str::to_owned),
            ..SubmissionMessage::to_run(uuid::Uuid::nil(), "python3", names.iter().map(file).collect(), run)
        }
    }

    #[test]
    fn a_submission_and_its_message_show_the_same_program_under_the_same_name() {
        for (names, entry_point, name) in [
            (&["a.py"][..], None, "a.py"),
            (&["a.py", "b.py"], None, "a.py"),
            (&["a.py", "main.py"], None, "main.py"),
            (&["a.py", "main.py", "c/b.py"], Some("c/b.py"), "c/b.py"),
        ] {
            let message = message(names, entry_point);
            let json = serde_json::to_vec(&message).unwrap();
            let submission = parse(&json, &SubmissionCaps::UNLIMITED).unwrap();
            assert_eq!(submission.program_name(), Some(name));
            let shown = message.into_shown();
            assert_eq!(submission.shown(), shown);
            let inputs: Vec<&str> = shown.inputs.iter().map(|input| input.name.as_str()).collect();
            assert_eq!(
                (shown.files.len(), inputs),
                (names.len(), vec!["input large", "input 3"])
            );
        }
    }
}
