//! Where an answer is sent, and in which form.

use strum::IntoStaticStr;

/// Form of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CallbackFormat {
    /// A `CallbackEvent`, with `POST`.
    Standard,
    /// The submission as Judge0 shows it, with `PUT`.
    Judge0,
}

impl CallbackFormat {
    /// Every form.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Judge0];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// That of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Where an answer is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackTarget {
    /// The address.
    pub url: String,
    /// What is sent there.
    pub format: CallbackFormat,
}
