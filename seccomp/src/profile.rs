//! A profile in Docker's format, as far as boxes need it. What is not understood is refused: a rule that is passed over
//! would be a hole.

#![expect(
    clippy::disallowed_methods,
    reason = "the profile is a file of the operator, and is read here only"
)]

use serde::Deserialize;
use thiserror::Error;

/// A profile that cannot be used.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// It is no JSON, or holds a field that has no meaning here.
    #[error("it is no seccomp profile in Docker's format: {0}")]
    Syntax(#[from] serde_json::Error),
    /// An action that a filter cannot be made of here.
    #[error("{0:?} is no action that boxes have; they have SCMP_ACT_ALLOW, SCMP_ACT_ERRNO and SCMP_ACT_KILL_PROCESS")]
    Action(String),
    /// A comparison of another kind.
    #[error(
        "{0:?} is no comparison that boxes have; they have SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GE, SCMP_CMP_GT and SCMP_CMP_MASKED_EQ"
    )]
    Comparison(String),
    /// A call has six arguments.
    #[error("{0:?} compares argument {1}, and a call has those from 0 to 5")]
    Argument(String, u32),
    /// Two groups answer differently, and only one of them can.
    #[error("{0:?} has two answers")]
    TwoAnswers(String),
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is made.
    Allow,
    /// It fails with this number.
    Errno(u32),
    /// The process that makes it is killed.
    KillProcess,
}

/// A comparison of an argument, without sign and with all its 64 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Number of the argument, from 0.
    pub index: u32,
    /// `==`, `!=`, `<`, `<=`, `>=` or `>`.
    pub operator: &'static str,
    /// The bits of the argument that count.
    pub mask: u64,
    /// What it is compared with.
    pub value: u64,
}

/// What is answered to some calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Names of the calls.
    pub names: Vec<String>,
    /// What becomes of them.
    pub action: Action,
    /// All of them must hold; where one does not, the default action is taken.
    pub comparisons: Vec<Comparison>,
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What becomes of a call that no rule is about.
    pub default: Action,
    /// The rules. Those of the same call are alternatives.
    pub rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    default_action: String,
    default_errno_ret: Option<u32>,
    #[serde(rename = "archMap")]
    _architectures: serde_json::Value,
    syscalls: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Group {
    #[serde(default, rename = "comment")]
    _comment: String,
    names: Vec<String>,
    action: String,
    errno_ret: Option<u32>,
    #[serde(default)]
    args: Vec<Argument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Argument {
    index: u32,
    value: u64,
    #[serde(default)]
    value_two: u64,
    op: String,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// Names what is not understood.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let document: Document = serde_json::from_str(text)?;
        let rules = document.syscalls.into_iter().map(rule).collect::<Result<_, _>>()?;
        let default = action(&document.default_action, document.default_errno_ret)?;
        let profile = Self { default, rules };
        profile.one_answer_each()?;
        Ok(profile)
    }

    /// Where a call is in two rules, both have comparisons and the same answer.
    fn one_answer_each(&self) -> Result<(), ProfileError> {
        for (number, rule) in self.rules.iter().enumerate() {
            for name in &rule.names {
                let mut before = self.rules[..number].iter().filter(|other| other.names.contains(name));
                let differs = |other: &Rule| {
                    other.action != rule.action || other.comparisons.is_empty() || rule.comparisons.is_empty()
                };
                if before.any(differs) {
                    return Err(ProfileError::TwoAnswers(name.clone()));
                }
            }
        }
        Ok(())
    }
}

fn rule(group: Group) -> Result<Rule, ProfileError> {
    let about = group.names.first().cloned().unwrap_or_default();
    let comparisons = group.args.into_iter().map(|argument| comparison(argument, &about));
    Ok(Rule {
        action: action(&group.action, group.errno_ret)?,
        comparisons: comparisons.collect::<Result<_, _>>()?,
        names: group.names,
    })
}

fn action(name: &str, errno: Option<u32>) -> Result<Action, ProfileError> {
    /// `EPERM`, which Docker answers where nothing else is said.
    const USUAL: u32 = 1;
    Ok(match name {
        "SCMP_ACT_ALLOW" => Action::Allow,
        "SCMP_ACT_ERRNO" => Action::Errno(errno.unwrap_or(USUAL)),
        "SCMP_ACT_KILL_PROCESS" => Action::KillProcess,
        _ => return Err(ProfileError::Action(name.to_owned())),
    })
}

fn comparison(argument: Argument, about: &str) -> Result<Comparison, ProfileError> {
    if argument.index > 5 {
        return Err(ProfileError::Argument(about.to_owned(), argument.index));
    }
    let (operator, mask, value) = match argument.op.as_str() {
        "SCMP_CMP_EQ" => ("==", u64::MAX, argument.value),
        "SCMP_CMP_NE" => ("!=", u64::MAX, argument.value),
        "SCMP_CMP_LT" => ("<", u64::MAX, argument.value),
        "SCMP_CMP_LE" => ("<=", u64::MAX, argument.value),
        "SCMP_CMP_GE" => (">=", u64::MAX, argument.value),
        "SCMP_CMP_GT" => (">", u64::MAX, argument.value),
        "SCMP_CMP_MASKED_EQ" => ("==", argument.value, argument.value_two),
        other => return Err(ProfileError::Comparison(other.to_owned())),
    };
    Ok(Comparison {
        index: argument.index,
        operator,
        mask,
        value,
    })
}
