//! What is the same for all boxes of a jailer.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use assize_jailer_protocol::Facts;
use assize_seccomp::{PROFILE, Profile};
use rustix::process::geteuid;

use crate::accounts::Accounts;
use crate::error::JailError;
use crate::nsjail::policy;
use crate::settings::Settings;
use assize_control_groups::{Groups, Program};

/// How to get nsjail.
pub(crate) const INSTALL: &str =
    "install it with `docker/nsjail.sh`, or name it in the setting ASSIZE_JAILER_NSJAIL of the jailer";

/// Whose control groups they are.
const JAILER: Program = Program {
    name: "jailer",
    own_group: "assize-jailer",
    setting: "ASSIZE_JAILER_GROUP",
};

/// What is the same for all boxes.
#[derive(Debug)]
pub(crate) struct Wall {
    pub(crate) settings: Settings,
    pub(crate) accounts: Accounts,
    pub(crate) groups: Groups,
    /// Another one for each start.
    pub(crate) instance: u64,
    /// The seccomp profile, in Docker's format.
    profile: String,
    /// The same for nsjail.
    pub(crate) policy: String,
}

/// Nanoseconds since the epoch: the lock of the control groups keeps two jailers from starting at once.
fn started_at() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

impl Wall {
    /// Reads the profile and takes possession of the control groups.
    ///
    /// # Errors
    /// Names what cannot be used.
    pub(crate) fn build(settings: Settings) -> Result<Self, JailError> {
        let profile = profile_text(&settings.seccomp_profile)?;
        let parsed = Profile::parse(&profile).map_err(|error| {
            let reason = format!("cannot use ASSIZE_JAILER_SECCOMP_PROFILE: {error}");
            JailError::unable(
                reason,
                "mend the profile, or leave the setting empty for the one that is built in",
            )
        })?;
        make_mount_points()?;
        Ok(Self {
            policy: policy(&parsed),
            groups: Groups::open(&settings.group, JAILER)?,
            instance: started_at(),
            // The first user owns what is mounted.
            accounts: Accounts::new(settings.bounds, settings.uids - 1),
            profile,
            settings,
        })
    }

    pub(crate) fn facts(&self) -> Facts {
        Facts {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: self.profile.clone(),
        }
    }

    /// Kills and removes what is left of boxes that are not alive.
    pub(crate) fn sweep(&self) -> Result<u64, JailError> {
        let swept = self.groups.sweep(|id| self.accounts.is_alive(id));
        swept.map_err(|error| {
            JailError::unable(
                format!("cannot remove what is left of boxes: {error}"),
                "see which processes are in the control groups of the jailer",
            )
        })
    }
}

/// Where nsjail puts the root of a box together, in a mount namespace of the box. It would make these directories itself,
/// as the user of the first box, and below `/tmp` where that user may not write here: there any user of the host could
/// take the names first.
fn make_mount_points() -> Result<(), JailError> {
    let user = geteuid();
    for kind in ["root", "tmp"] {
        let path = format!("/run/user/nsjail.{}.{kind}", user.as_raw());
        match fs::create_dir_all(&path) {
            Err(error) if user.is_root() => {
                let reason = format!("cannot make {path}, where nsjail puts boxes together: {error}");
                return Err(JailError::unable(
                    reason,
                    "let the jailer write to /run/user (a tmpfs in a container)",
                ));
            }
            // Without rights there is no better place than the one that nsjail finds.
            _ => {}
        }
    }
    Ok(())
}

fn profile_text(path: &Path) -> Result<String, JailError> {
    if path.as_os_str().is_empty() {
        return Ok(PROFILE.to_owned());
    }
    fs::read_to_string(path).map_err(|error| {
        let reason = format!(
            "cannot read ASSIZE_JAILER_SECCOMP_PROFILE = {}: {error}",
            path.display()
        );
        JailError::unable(
            reason,
            "correct the path, or leave the setting empty for the one that is built in",
        )
    })
}
