//! A package in the making: what it is verified with, and what ended so far.

use std::sync::{Mutex, PoisonError};

use crate::cli::languages::Languages;
use crate::cli::progress::ProgressLine;
use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::limit::LimitUsed;
use crate::cli::verify::outcome::Missing;
use crate::cli::verify::row::Row;
use crate::cli::verify::selection::Selection;
use crate::config::Settings;
use crate::judge::Judge;
use crate::problem::{Package, PackageChecks};

/// One package in the making.
pub(super) struct Verification<'a> {
    pub(super) settings: &'a Settings,
    pub(super) judge: &'a Judge,
    pub(super) package: &'a Package,
    pub(super) jobs: usize,
    pub(super) selection: &'a Selection,
    pub(super) languages: Languages<'a>,
    pub(super) missing: &'a Missing,
    pub(super) live: &'a ProgressLine,
    /// What its data is checked with, if it is to be.
    pub(super) checks: Option<&'a PackageChecks>,
}

/// What ended so far: it is kept when the rest is interrupted.
#[derive(Default)]
pub(super) struct Done {
    pub(super) rows: Mutex<Vec<Row>>,
    pub(super) limit: Mutex<Option<LimitUsed>>,
    pub(super) data: Mutex<Option<DataReport>>,
}

impl Done {
    pub(super) fn add(&self, row: Row) -> usize {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.push(row);
        rows.len()
    }
}
