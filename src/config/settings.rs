//! The typed tree. Sizes are bytes, times milliseconds; the name says which.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::{
    BrokerSettings, EnvironmentSettings, HttpSettings, LanguageSettings, LimitSettings, LogSettings, RunSettings,
    SandboxSettings, ServeSettings,
};
use crate::contract::SubmissionCaps;

/// Every setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The service.
    pub worker: WorkerSettings,
    /// RabbitMQ.
    pub broker: BrokerSettings,
    /// PostgreSQL.
    pub store: StoreSettings,
    /// Where problem packages are.
    pub problems: ProblemSettings,
    /// How large a submission may be.
    pub submission: SubmissionSettings,
    /// Limits of a test.
    pub limits: LimitSettings,
    /// How tests are run and shown.
    pub judge: JudgeSettings,
    /// Programs that are only run.
    pub run: RunSettings,
    /// Output validators of problem packages.
    pub validators: ValidatorSettings,
    /// How packages are verified.
    pub verify: VerifySettings,
    /// The boxes.
    pub sandbox: SandboxSettings,
    /// What is noticed about attacks.
    pub security: SecuritySettings,
    /// One table per language.
    pub languages: BTreeMap<String, LanguageSettings>,
    /// What is in environments, one table for each.
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// Log lines.
    pub log: LogSettings,
    /// Health and metrics.
    pub http: HttpSettings,
    /// The HTTP service.
    pub serve: ServeSettings,
}

/// The parts that judging depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgingSettings {
    /// Who judges.
    pub worker: WorkerSettings,
    /// One table per language.
    pub languages: BTreeMap<String, LanguageSettings>,
    /// What is in environments, one table for each.
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// Limits of a test.
    pub limits: LimitSettings,
    /// How tests are run and shown.
    pub judge: JudgeSettings,
    /// Programs that are only run.
    pub run: RunSettings,
    /// Output validators of problem packages.
    pub validators: ValidatorSettings,
    /// The boxes.
    pub sandbox: SandboxSettings,
    /// What is noticed about attacks.
    pub security: SecuritySettings,
}

impl Settings {
    /// Takes submissions in every language, for who judges programs of their own.
    pub fn offer_all_languages(&mut self) {
        self.languages.values_mut().for_each(|language| language.offered = true);
    }

    /// The parts that judging depends on.
    pub fn judging(&self) -> JudgingSettings {
        JudgingSettings {
            worker: self.worker.clone(),
            languages: self.languages.clone(),
            environments: self.environments.clone(),
            limits: self.limits.clone(),
            judge: self.judge.clone(),
            run: self.run,
            validators: self.validators.clone(),
            sandbox: self.sandbox.clone(),
            security: self.security.clone(),
        }
    }
}

impl JudgingSettings {
    /// The table of the language in which a program is judged whose language nothing names.
    pub fn default_language(&self) -> Option<&LanguageSettings> {
        self.languages.get(&self.judge.default_language)
    }
}

/// The service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// Name of this worker in verdicts, labels and logs. Empty: the host name.
    pub id: String,
    /// Submissions judged at once. 0: one per CPU.
    pub slots: usize,
    /// How long submissions in hand may take to finish after SIGTERM.
    pub shutdown_grace_ms: u64,
}

/// PostgreSQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Whether verdicts are stored. Without it the same submission can be judged twice.
    pub enabled: bool,
    /// `postgres://user:password@host:port/database`. Several hosts, with commas between them, are one server that takes
    /// writes and its standbys: the one is used that takes writes.
    pub url: String,
    /// Certificates, in PEM, of authorities that are trusted beside the public ones. With it the certificate of the server is
    /// held against them and against the host of the URL (`sslmode=verify-full`). Empty: none.
    pub ca_file: PathBuf,
    /// Connections at most.
    pub connections: u32,
    /// How long a worker that has a submission in hand may be silent before another one may take it.
    pub lease_ms: u64,
    /// How long a submission is kept after its answer, with its attempts, verdicts and tests. 0: for ever.
    pub keep_submissions_s: u64,
    /// How long security events are kept. 0: for ever.
    pub keep_security_events_s: u64,
    /// How long a test set is kept after a submission has last named it. 0: for ever.
    pub keep_test_sets_s: u64,
    /// Test sets that a worker keeps in memory, in bytes.
    pub test_set_memory_bytes: u64,
}

/// Where problem packages are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemSettings {
    /// Directory with one package per sub-directory; its name is the problem's id.
    pub directory: PathBuf,
    /// Object storage with packages as zip archives, such as `https://host/problems`. Empty: none.
    pub url: String,
    /// How old the answer to "which revision is the newest?" may be.
    pub refresh_ms: u64,
    /// Where archives are unpacked. Empty: the user's cache directory, else a temporary one.
    pub cache_directory: PathBuf,
    /// Unpacked packages that are kept, in bytes.
    pub cache_bytes: u64,
    /// Parsed packages, with their small files, that are kept in memory, in bytes.
    pub memory_bytes: u64,
    /// How long a package is waited for whose files are being changed.
    pub patience_ms: u64,
    /// Largest archive.
    pub archive_bytes: u64,
    /// Largest package when unpacked.
    pub package_bytes: u64,
    /// Files in a package.
    pub package_files: u64,
}

/// How large a submission may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionSettings {
    /// The whole message.
    pub max_message_bytes: usize,
    /// All source files together.
    pub max_source_bytes: usize,
    /// Source files.
    pub max_files: usize,
    /// Tests that come with a submission.
    pub max_tests: usize,
    /// `metadata` as JSON.
    pub max_metadata_bytes: usize,
    /// A test set, as JSON.
    pub max_test_set_bytes: usize,
}

impl SubmissionSettings {
    /// The caps that the contract checks.
    pub fn caps(&self) -> SubmissionCaps {
        SubmissionCaps {
            message_bytes: self.max_message_bytes,
            source_bytes: self.max_source_bytes,
            files: self.max_files,
            tests: self.max_tests,
            metadata_bytes: self.max_metadata_bytes,
        }
    }
}

/// How tests are run and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgeSettings {
    /// Language of what `assize judge` and `assize submit` are given without one, and of the programs with which
    /// `assize doctor` tries out the judge: a Python.
    pub default_language: String,
    /// Bytes of standard output and of standard error that a verdict shows per test.
    pub excerpt_bytes: usize,
    /// Whether the output of secret tests is shown; a program can print its input.
    pub show_secret_output: bool,
    /// Whether the messages of output validators to judges are part of the verdict; they can quote the answer.
    pub show_judge_messages: bool,
    /// Fresh boxes that one submission may use up through faults of ours before it is a judge error.
    pub box_attempts: u32,
    /// Boxes over which the tests of one submission may be spread while slots are idle. 1: one test after the other.
    pub parallel_tests: usize,
    /// Whether each test gets a fresh box, so that no counter of a box tells one test of another.
    pub box_per_test: bool,
    /// Large inputs of tests that are kept in memory of the worker, in bytes, and read there without a copy for each run. 0: none.
    pub input_memory_bytes: u64,
    /// How far beyond its time limit a program may go on, as a part of the limit. One that ends there is run once more,
    /// alone, and that run decides. 0: none may.
    pub near_limit: f64,
}

/// Output validators of problem packages. What a package says goes over these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorSettings {
    /// Language of the settings that starts validators in an interpreted language, such as `python3`.
    pub language: String,
    /// Environment that validators run in.
    pub environment: String,
    /// Environment with compilers, in which C and C++ validators are built.
    pub toolchain: String,
    /// Environment with pytest, in which unit tests run.
    pub pytest: String,
    /// CPU time per test.
    pub cpu_ms: u64,
    /// Memory.
    pub memory_bytes: u64,
    /// Output, and in an interactive problem what it says to the submission.
    pub output_bytes: u64,
    /// CPU time for building one.
    pub compile_cpu_ms: u64,
    /// Writable space, for test data and feedback. It counts as memory.
    pub scratch_bytes: u64,
    /// Where built validators are kept. Empty: the user's cache directory, if there is one.
    pub cache_directory: PathBuf,
    /// Built validators that are kept there, in bytes.
    pub cache_bytes: u64,
}

/// How packages are verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifySettings {
    /// Language of the settings that Python submissions of packages are judged with. Empty: that of their code.
    pub python: String,
}

/// What is noticed about attacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecuritySettings {
    /// Whether interpreters that are forked note what Python audits (`sys.addaudithook`): advice on what a program
    /// tried.
    pub audit: bool,
    /// Whether findings are published as events and stored as rows; they are part of the verdict and of the log anyway.
    pub events: bool,
}
