//! Modules of unit tests, which take the place of `.in` and `.ans` in a problem of this type.

use std::path::Path;

use crate::contract::is_test_module;
use crate::problem::Item;
use crate::problem::data::input_arguments::InputValidatorArgs;
use crate::problem::data::walk::{TestCase, Walk};
use crate::problem::files::name_of;

impl Walk<'_> {
    /// The module in a file, if it is one. Its tests belong to the group that the file is in.
    pub(super) fn unit_module(&mut self, path: &Path, group: &str, items: &mut Vec<Item>) {
        let base = name_of(path);
        if !is_test_module(&base) {
            return;
        }
        items.push(Item::Case(self.tests.len()));
        self.tests.push(TestCase {
            name: format!("{group}/{base}"),
            sample: group.split('/').next() == Some("sample"),
            input: path.to_owned(),
            answer: None,
            args: Vec::new(),
            input_validator_args: InputValidatorArgs::default(),
            files: None,
            validator_args: Vec::new(),
            hint: None,
            description: None,
            function: None,
        });
    }
}
