//! Tests that come with a submission, lie in a file or are kept as a test set: calls of functions, asserts and unit
//! tests. They are here as they are written on the wire, as they are after the checks, and with what a box reports of them.

pub(super) mod call;
pub(super) mod call_line;
pub(super) mod call_test;
pub(super) mod function_tests;
pub(super) mod inline_test;
pub(super) mod test_file;
pub(super) mod test_set;
pub(super) mod test_set_hash;
pub(super) mod unit_report;
pub(super) mod unit_tests;
