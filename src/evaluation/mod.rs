//! Data sets of tasks, candidate programs for them, and what part of these solves its task.
//!
//! ```text
//! data set, candidates --Evaluation--> programs, each a submission --judged elsewhere--> ResultRow --Summary--> pass@k
//! lines, row, forms, cases, task       plan, candidate              service               result_file  estimate
//! ```
//!
//! `readable` takes JSON as Python writes it.
//!
//! It knows the forms of data sets and the HTTP service, and neither boxes nor queues.

mod candidate;
mod cases;
mod error;
mod estimate;
mod forms;
mod id;
mod line_error;
mod lines;
mod packed;
mod plan;
mod readable;
mod result_file;
mod row;
mod service;
mod service_error;
mod summary;
mod task;
mod task_tests;

pub use candidate::{Program, ProgramKind};
pub use error::{BadLine, EvaluationError};
pub use estimate::{Interval, pass_at_k, wilson};
pub use line_error::{FieldError, LineError};
pub use packed::PackedError;
pub use plan::{Evaluation, ProgramAt};
pub use result_file::{Outcome, ResultFile, ResultRow};
pub use service::{ServiceAnswer, ServiceClient};
pub use service_error::{AddressError, AnswerError, ServiceError};
pub use summary::{PassAtK, Summary, TaskSummary};
pub use task::{SubmissionOptions, Task};
