//! Tests that come with a submission, as they are written on the wire.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::json::object;
use crate::contract::{Compare, Data};

/// A test that comes with the submission. It is shown in the verdict like a sample. With `call` it calls a function of
/// the program, with `asserts` it is code that uses the program's functions, else it runs the program. All tests of a
/// submission are of one kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    { "required": ["input"], "properties": { "input": { "type": "string" } } },
    { "required": ["call"], "properties": { "call": { "type": "string" } } },
    { "required": ["asserts"], "properties": { "asserts": { "type": "string" } } },
]))]
pub struct InlineTest {
    /// Name in the verdict, like no other test's; without it its number, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub name: Option<String>,
    /// Standard input. A call can do without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Expected standard output. Without it any output is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The function to call, such as `add`, or a method as in `Solution.add`, for which a `Solution()` is made. The
    /// function of a name that the program does not define is looked for in its class `Solution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub call: Option<String>,
    /// Code in Python that asserts something of the program's functions, in a box that the program cannot reach. With
    /// `call` the function of this name is also called `candidate`, and a function `check` of the code is called with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserts: Option<String>,
    /// What it is called with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Data>,
    /// What it is called with by name.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "object::one"
    )]
    pub kwargs: BTreeMap<String, Data>,
    /// What it has to return. One of `expect`, `expect_args` and `raises` is given with a `call`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "Data::some")]
    pub expect: Option<Data>,
    /// What has to have become of `args` when it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_args: Option<Vec<Data>>,
    /// Name of the exception that it has to raise, or of a class above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub raises: Option<String>,
    /// How what it returns is compared.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub compare: Option<Compare>,
}

impl InlineTest {
    /// Its name, else its number, from 1, when it is the one at `index`.
    pub fn name_or_number(&self, index: usize) -> String {
        self.name.clone().unwrap_or_else(|| (index + 1).to_string())
    }
}
