//! From the settings to a pool of boxes.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Settings;
use crate::sandbox::{DockerSandbox, DockerUnusable, Pool, PoolPlan, SessionTimeouts};

/// What to do while the daemon is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Give up.
    None,
    /// Wait for it, with a line per attempt.
    Endless,
}

impl Pool {
    /// A pool whose boxes are containers of the Docker Engine in the settings, `warm_boxes` of them started ahead for each
    /// slot. There is a slot for each list of CPUs, see [`crate::sandbox::share_out`].
    ///
    /// # Errors
    /// When the daemon cannot be used.
    pub async fn open(
        settings: &Settings,
        slots: Vec<String>,
        warm_boxes: usize,
        patience: Patience,
    ) -> Result<Self, DockerUnusable> {
        let launch_timeout = Duration::from_millis(settings.sandbox.launch_timeout_ms);
        let (docker, worker) = (&settings.sandbox.docker, &settings.worker.id);
        let docker = match patience {
            Patience::None => DockerSandbox::connect(docker, worker, launch_timeout).await?,
            Patience::Endless => DockerSandbox::wait_for(docker, worker, launch_timeout).await?,
        };
        let plan = PoolPlan {
            slots,
            warm_boxes,
            timeouts: SessionTimeouts {
                hello: launch_timeout,
                answer: Duration::from_millis(settings.sandbox.answer_timeout_ms),
            },
        };
        Ok(Self::new(Arc::new(docker), &plan))
    }
}
