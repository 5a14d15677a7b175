//! The flags of the default output validator, as a problem package gives them.

use super::number::parse_number;

/// How outputs are compared. Without any flag: token by token, letter case and white space do not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StandardFlags {
    /// `case_sensitive`: `A` and `a` differ.
    pub case_sensitive: bool,
    /// `space_change_sensitive`: white space must be the same, byte for byte.
    pub space_change_sensitive: bool,
    /// `float_absolute_tolerance`: numbers may be off by this much.
    pub absolute_tolerance: Option<f64>,
    /// `float_relative_tolerance`: numbers may be off by this share of the judge's number.
    pub relative_tolerance: Option<f64>,
}

/// What is wrong with the flags of a problem package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlagError {
    /// The default output validator has no such flag.
    #[error(
        "unknown output validator flag {flag:?}; the default output validator knows case_sensitive, \
         space_change_sensitive, float_tolerance, float_absolute_tolerance and float_relative_tolerance"
    )]
    Unknown {
        /// The flag as written.
        flag: String,
    },
    /// A tolerance was named as the last word.
    #[error("output validator flag {flag} has no value; write a number after it, such as \"{flag} 1e-6\"")]
    MissingValue {
        /// The flag as written.
        flag: String,
    },
    /// The word after a tolerance is not a tolerance.
    #[error("output validator flag {flag} has the value {value:?}, which is not a finite decimal number of 0 or more")]
    BadValue {
        /// The flag as written.
        flag: String,
        /// The word after it.
        value: String,
    },
    /// The same tolerance was given twice, in the same way or in two ways.
    #[error("output validator flag {flag} sets a tolerance that is already set; give each tolerance once")]
    Repeated {
        /// The flag that came second.
        flag: String,
    },
}

impl StandardFlags {
    /// Reads `output_validator_args` of a package in format 2025-09, which calls it an error to set a tolerance twice
    /// or to mix `float_tolerance` with one of the other two.
    ///
    /// # Errors
    /// A [`FlagError`] that names the flag.
    pub fn parse(flags: &[String]) -> Result<Self, FlagError> {
        read_flags(flags, Repeats::Refused)
    }

    /// Reads `validator_flags` and `output_validator_flags` of a legacy package, one after the other. That format does
    /// not forbid repeats, and tools hand the problem's flags over before the test group's: the last one holds.
    ///
    /// # Errors
    /// A [`FlagError`] that names the flag.
    pub fn parse_legacy(flags: &[String]) -> Result<Self, FlagError> {
        read_flags(flags, Repeats::LastHolds)
    }

    /// Whether numbers are compared by value at all.
    pub(super) const fn compares_numbers(&self) -> bool {
        self.absolute_tolerance.is_some() || self.relative_tolerance.is_some()
    }

    /// Whether a number is near enough: within *either* tolerance. Both numbers are finite.
    pub(super) fn tolerates(&self, expected: f64, got: f64) -> bool {
        let difference = (got - expected).abs();
        self.absolute_tolerance.is_some_and(|tolerance| difference <= tolerance)
            || self
                .relative_tolerance
                .is_some_and(|tolerance| difference <= tolerance * expected.abs())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Repeats {
    Refused,
    LastHolds,
}

fn read_flags(words: &[String], repeats: Repeats) -> Result<StandardFlags, FlagError> {
    let mut flags = StandardFlags::default();
    let mut words = words.iter();
    while let Some(flag) = words.next() {
        match flag.as_str() {
            "case_sensitive" => flags.case_sensitive = true,
            "space_change_sensitive" => flags.space_change_sensitive = true,
            "float_absolute_tolerance" => set([&mut flags.absolute_tolerance], flag, words.next(), repeats)?,
            "float_relative_tolerance" => set([&mut flags.relative_tolerance], flag, words.next(), repeats)?,
            "float_tolerance" => {
                let both = [&mut flags.absolute_tolerance, &mut flags.relative_tolerance];
                set(both, flag, words.next(), repeats)?;
            }
            _ => return Err(FlagError::Unknown { flag: flag.clone() }),
        }
    }
    Ok(flags)
}

fn set<const N: usize>(
    tolerances: [&mut Option<f64>; N],
    flag: &str,
    value: Option<&String>,
    repeats: Repeats,
) -> Result<(), FlagError> {
    let value = value.ok_or_else(|| FlagError::MissingValue { flag: flag.to_owned() })?;
    let number = parse_number(value.as_bytes()).filter(|number| *number >= 0.0);
    let number = number.ok_or_else(|| FlagError::BadValue {
        flag: flag.to_owned(),
        value: value.clone(),
    })?;
    for tolerance in tolerances {
        if tolerance.replace(number).is_some() && repeats == Repeats::Refused {
            return Err(FlagError::Repeated { flag: flag.to_owned() });
        }
    }
    Ok(())
}
