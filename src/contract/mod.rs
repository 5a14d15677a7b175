//! The typed contract with the outside: the messages that come in, the documents that go out, and all reading of JSON.
//!
//! Every message passes through here first. Everything that can be wrong with one is found here and answered with a
//! [`Rejection`]; no other room parses JSON. This one knows neither broker nor sandbox nor store.

#![expect(clippy::disallowed_methods, reason = "this is where JSON is read")]

mod check;
mod documents;
mod http;
mod json;
mod submission;
mod test_cases;

pub use check::submission::parse;
pub use documents::answer::{Answer, AnswerRow};
pub use documents::payload::Payload;
pub use documents::progress::{Progress, ProgressStage};
pub use documents::rejection::{Rejected, Rejection, RejectionCode, without_controls};
pub use documents::result::{FetchedFile, ResultType, RunReport, RunResult, RunStatus};
pub use documents::security_event::SecurityEvent;
pub use documents::security_finding::{SecurityFinding, SecurityKind, SecuritySeverity, SecuritySource};
pub use documents::verdict::{
    EnvironmentInfo, Excerpt, FigureSource, FigureSources, GroupVerdict, Judgement, SandboxInfo, TestVerdict, Totals,
    Verdict, VerdictType, WorkerInfo,
};
pub use http::listing::{
    Cursor, ProblemRejudgeAccepted, SubmissionFilter, SubmissionPage, SubmissionSummary, metadata_pair, metadata_pairs,
    metadata_user, since_1970, user_pair,
};
pub use http::raw_metadata::RawMetadata;
pub use http::request::{ReadSubmission, Requests, RunRequest, SubmissionRequest};
pub use http::response::{
    BatchEntry, CallbackEvent, CallbackKind, ErrorDocument, KeptProblem, LanguageInfo, ProblemInfo, ProblemList,
    ProblemTests, QueueState, RejudgeAccepted, ServiceStatus, Stage, SubmissionState, TestSetInfo, WorkerState,
};
pub use json::read::{document, read_as};
pub use json::schema::{Document, schema_of};
pub use submission::callback::{CallbackFormat, CallbackTarget};
pub use submission::cancel::{Cancel, Request};
pub use submission::caps::SubmissionCaps;
pub use submission::fingerprint::Fingerprint;
pub use submission::limits::{LimitError, LimitKind, Limits, RequestedLimits};
pub use submission::run::{FetchFile, RunInput, RunInputMessage, RunMessage, RunTarget};
pub use submission::shown::ShownProgram;
pub use submission::source_file::{FileMessage, SourceFile};
pub use submission::{Metadata, ProblemRef, Submission, SubmissionMessage, Target};
pub use test_cases::call::{
    CallOptions, CallProcesses, CallReport, Compare, Data, Functional, Raised, read_call_report,
};
pub use test_cases::call_line::{CallLine, read_call_lines};
pub use test_cases::call_test::{AssertTest, CallTest, CallTests, Expectation};
pub use test_cases::function_tests::{FunctionTest, FunctionTestError, FunctionTestRules, read_function_tests};
pub use test_cases::inline_test::InlineTest;
pub use test_cases::test_file::{TestFile, UnitFile};
pub use test_cases::test_set::{CheckedTests, TestSet, TestSetKind, TestSetTarget};
pub use test_cases::test_set_hash::TestSetHash;
pub use test_cases::unit_report::{CollectedTest, UnitOutcome, UnitReport};
pub use test_cases::unit_tests::{PytestOptions, USUAL_MODULE, UnitTests, is_module_name, is_test_module};
