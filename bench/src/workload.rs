//! The programs that are judged, as problem packages and as plain programs.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;
use uuid::Uuid;

use assize::contract::{ProblemRef, SourceFile, SubmissionMessage};

/// Tests of the submissions that have many.
const MANY: usize = 20;

/// A line of 64 bytes, and how many of them are 50 MB.
const LINE: &str = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\n";
const LINES: usize = 50_000_000 / LINE.len();

/// A program with its tests.
#[derive(Debug, Clone)]
pub(crate) struct Workload {
    /// Such as `W1`.
    pub(crate) name: &'static str,
    /// In words.
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) tests: Vec<Test>,
}

/// A test.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) input: Text,
    pub(crate) answer: Text,
}

/// A piece, so many times: 50 MB of text need not be held anywhere.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) piece: String,
    pub(crate) times: usize,
}

impl Text {
    /// All of it.
    pub(crate) fn whole(&self) -> String {
        self.piece.repeat(self.times)
    }

    fn once(piece: impl Into<String>) -> Self {
        Self {
            piece: piece.into(),
            times: 1,
        }
    }
}

/// A workload in words, by its name.
pub(crate) fn title(name: &str) -> &'static str {
    match name {
        "W1" => "hello, 1 test",
        "W2" => "a+b, 20 tests",
        "W3" => "a+b with numpy, 20 tests",
        "W4" => "1 s of CPU, 1 test",
        "W5" => "50 MB in, 50 MB out, 1 test",
        "W6" => "a+b, 20 tests, a queue full of submissions",
        "pytest" => "a module of unit tests",
        _ => "",
    }
}

impl Workload {
    pub(crate) fn hello() -> Self {
        let test = Test {
            input: Text::once(""),
            answer: Text::once("hello\n"),
        };
        Self::new("W1", "print('hello')\n", vec![test])
    }

    pub(crate) fn sums() -> Self {
        let source = "print(sum(map(int, input().split())))\n";
        Self::new("W2", source, sum_tests())
    }

    pub(crate) fn numpy() -> Self {
        let source = "import numpy\nprint(numpy.array(input().split(), dtype=int).sum())\n";
        Self::new("W3", source, sum_tests())
    }

    /// About a second on a CPU, when a plain start needs that long for so many rounds of the loop.
    pub(crate) fn burn(rounds: u64) -> Self {
        let source =
            format!("total = 0\nfor number in range({rounds}):\n    total += number * number % 7\nprint(total)\n");
        let total: u64 = (0..rounds).map(|number| number * number % 7).sum();
        let test = Test {
            input: Text::once(""),
            answer: Text::once(format!("{total}\n")),
        };
        Self::new("W4", &source, vec![test])
    }

    pub(crate) fn bulk() -> Self {
        let source = "import shutil, sys\nshutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer, 1 << 16)\n";
        let lines = Text {
            piece: LINE.to_owned(),
            times: LINES,
        };
        let test = Test {
            input: lines.clone(),
            answer: lines,
        };
        Self::new("W5", source, vec![test])
    }

    fn new(name: &'static str, source: &str, tests: Vec<Test>) -> Self {
        Self {
            name,
            title: title(name).to_owned(),
            source: source.to_owned(),
            tests,
        }
    }

    /// A program that runs these tests of pytest, with what they test beside them.
    pub(crate) fn plain_pytest(files: &[(&str, &str)]) -> Self {
        let source = format!(
            "import sys, tempfile\nsys.path.insert(0, '/usr/lib/assize/pytest')\nimport pytest\n\
             place = tempfile.mkdtemp()\nfor name, text in {}:\n    with open(place + '/' + name, 'w') as file:\n\
             \x20       file.write(text)\nsys.exit(pytest.main(['-q', '--rootdir', place, place]))\n",
            json!(files)
        );
        let test = Test {
            input: Text::once(""),
            answer: Text::once(""),
        };
        Self::new("pytest", &source, vec![test])
    }

    /// The id of its problem.
    pub(crate) fn problem(&self) -> String {
        format!("bench-{}", self.name.to_lowercase())
    }

    /// Writes it as a problem package below `directory`.
    pub(crate) fn write_package(&self, directory: &Path) -> anyhow::Result<()> {
        let package = directory.join(self.problem());
        let data = package.join("data/secret");
        fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        let write = |path: std::path::PathBuf, text: &str| {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        let yaml = format!(
            "name: {}\nlicense: cc0\nvalidation: default\nlimits:\n  memory: 512\n  output: 100\n",
            json!(self.title)
        );
        write(package.join("problem.yaml"), &yaml)?;
        write(package.join(".timelimit"), "10\n")?;
        for (number, Test { input, answer }) in self.tests.iter().enumerate() {
            write(data.join(format!("{number:02}.in")), &input.whole())?;
            write(data.join(format!("{number:02}.ans")), &answer.whole())?;
        }
        Ok(())
    }

    /// A submission with a new id.
    pub(crate) fn message(&self) -> SubmissionMessage {
        message_of(&self.source, self.problem())
    }

    /// What the driver reads: a literal that JSON and Python have in common.
    pub(crate) fn literal(&self, way: &str) -> String {
        let inputs: Vec<_> = self
            .tests
            .iter()
            .map(|test| (&test.input.piece, test.input.times))
            .collect();
        json!([way, self.source, inputs]).to_string()
    }
}

/// A submission with a new id.
pub(crate) fn message_of(source: &str, problem: String) -> SubmissionMessage {
    let files = vec![SourceFile {
        name: "main.py".to_owned(),
        content: source.as_bytes().to_vec(),
    }];
    let problem = ProblemRef {
        id: problem,
        revision: None,
    };
    SubmissionMessage::for_problem(Uuid::now_v7(), "python3", files, problem)
}

fn sum_tests() -> Vec<Test> {
    let test = |number: usize| Test {
        input: Text::once(format!("{} {}\n", 1000 + number, 7 * number)),
        answer: Text::once(format!("{}\n", 1000 + 8 * number)),
    };
    (0..MANY).map(test).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use assize::config;
    use assize::problem::OpenPackage;

    #[test]
    fn every_workload_is_a_problem_package_that_a_worker_takes() {
        let directory = tempfile::tempdir().unwrap();
        let problems = config::load(None).unwrap().problems;
        let workloads = [
            (Workload::hello(), 1),
            (Workload::sums(), 20),
            (Workload::numpy(), 20),
            (Workload::burn(10), 1),
            (Workload::bulk(), 1),
        ];
        for (workload, tests) in workloads {
            workload.write_package(directory.path()).unwrap();
            let path = directory.path().join(workload.problem());
            let open = OpenPackage::read(&path, (&problems).into()).unwrap();
            assert!(open.package.warnings.is_empty(), "{:?}", open.package.warnings);
            assert_eq!(workload.tests.len(), tests);
        }
        let copied = directory.path().join("bench-w5/data/secret/00.in");
        assert!(fs::metadata(copied).unwrap().len().abs_diff(50_000_000) < 64);
    }
}
