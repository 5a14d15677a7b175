//! Since when nothing runs in a box.

use std::time::{Duration, SystemTime};

use bollard_stubs::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use humantime::parse_rfc3339;

/// How long ago a box has ended, or was made without being started so far; `None` when something may run in it.
pub fn over_for(found: &ContainerInspectResponse) -> Option<Duration> {
    let state = found.state.as_ref()?;
    let created = found.created.as_deref();
    let since = match state.status? {
        // One that was never started has not finished either: the daemon says year 1.
        ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD => {
            let finished = state.finished_at.as_deref().and_then(|text| parse_rfc3339(text).ok());
            finished.or_else(|| parse_rfc3339(created?).ok())
        }
        ContainerStateStatusEnum::CREATED => parse_rfc3339(created?).ok(),
        _runs => None,
    };
    SystemTime::now().duration_since(since?).ok()
}

#[cfg(test)]
mod tests {
    use bollard_stubs::models::ContainerState;
    use humantime::format_rfc3339;

    use super::*;

    #[test]
    fn a_box_is_over_since_it_has_ended_or_else_since_it_was_made() {
        use ContainerStateStatusEnum::{CREATED, DEAD, EXITED, PAUSED, RUNNING};

        let ago = |seconds| format_rfc3339(SystemTime::now() - Duration::from_secs(seconds)).to_string();
        let never = "0001-01-01T00:00:00Z".to_owned();
        for (status, finished, expected) in [
            (EXITED, ago(100), Some(100)),
            (DEAD, ago(100), Some(100)),
            (DEAD, never.clone(), Some(900)),
            (CREATED, never.clone(), Some(900)),
            (RUNNING, never.clone(), None),
            (PAUSED, never, None),
        ] {
            let found = ContainerInspectResponse {
                created: Some(ago(900)),
                state: Some(ContainerState {
                    status: Some(status),
                    finished_at: Some(finished),
                    ..Default::default()
                }),
                ..Default::default()
            };
            let over = over_for(&found).map(|over| over.as_secs() / 100 * 100);
            assert_eq!(over, expected, "{status:?}");
        }
    }
}
