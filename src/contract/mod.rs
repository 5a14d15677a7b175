//! The typed contract with the outside: what comes in, what goes out, and the only door through which JSON passes.
//!
//! First station of the line. Everything that can be wrong with a message is found here and answered with a
//! [`Rejection`]; nothing behind this door parses JSON. It knows neither broker nor sandbox nor store.

#![expect(clippy::disallowed_methods, reason = "this is where JSON is read")]

mod answer;
mod call;
mod call_line;
mod call_test;
mod callback;
mod cancel;
mod ceiling;
mod check_asserts;
mod check_calls;
mod check_files;
mod check_run;
mod check_test_set;
mod check_units;
mod fingerprint;
mod function_tests;
mod inline_test;
mod limits;
mod listing;
mod object;
mod parse;
mod payload;
mod progress;
mod read;
mod rejection;
mod request;
mod result;
mod run;
mod schema;
mod security;
mod security_event;
mod size;
mod source_file;
mod state;
mod submission;
mod submission_caps;
mod test_file;
mod test_set;
mod test_set_hash;
mod unit_word;
mod units;
mod verdict;

pub use answer::{Answer, AnswerRow};
pub use call::{CallOptions, CallProcesses, CallReport, Compare, Data, Functional, Raised, read_call_report};
pub use call_line::{CallLine, read_call_lines};
pub use call_test::{AssertTest, CallTest, CallTests, Expectation};
pub use callback::{CallbackFormat, CallbackTarget};
pub use cancel::{Cancel, Request};
pub use fingerprint::Fingerprint;
pub use function_tests::{FunctionTest, FunctionTestError, FunctionTestRules, read_function_tests};
pub use inline_test::InlineTest;
pub use limits::{LimitError, LimitKind, Limits, RequestedLimits};
pub use listing::{
    Cursor, ProblemRejudgeAccepted, SubmissionFilter, SubmissionPage, SubmissionSummary, metadata_pair, metadata_pairs,
    since_1970,
};
pub use parse::parse;
pub use payload::Payload;
pub use progress::Progress;
pub use read::{document, read_as};
pub use rejection::{Rejected, Rejection, RejectionCode, without_controls};
pub use request::{ReadSubmission, Requests, RunRequest, SubmissionRequest};
pub use result::{FetchedFile, ResultType, RunReport, RunResult, RunStatus};
pub use run::{FetchFile, RunInput, RunInputMessage, RunMessage, RunTarget};
pub use schema::{Document, schema_of};
pub use security::{SecurityFinding, SecurityKind, SecuritySeverity, SecuritySource};
pub use security_event::SecurityEvent;
pub use source_file::{FileMessage, SourceFile};
pub use state::{
    BatchEntry, CallbackEvent, CallbackKind, ErrorDocument, KeptProblem, LanguageInfo, ProblemInfo, ProblemList,
    RejudgeAccepted, ServiceStatus, Stage, SubmissionState, TestSetInfo,
};
pub use submission::{Metadata, ProblemRef, Submission, SubmissionMessage, Target};
pub use submission_caps::SubmissionCaps;
pub use test_file::{TestFile, UnitFile};
pub use test_set::{CheckedTests, TestSet, TestSetKind, TestSetTarget};
pub use test_set_hash::TestSetHash;
pub use unit_word::{CollectedTest, UnitOutcome, UnitWord};
pub use units::{PytestOptions, USUAL_MODULE, UnitTests, is_module_name, is_test_module};
pub use verdict::{
    EnvironmentInfo, Excerpt, FigureSource, FigureSources, GroupVerdict, Judgement, SandboxInfo, TestVerdict, Totals,
    Verdict, VerdictType, WorkerInfo,
};
