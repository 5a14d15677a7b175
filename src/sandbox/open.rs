//! From the settings to a pool of boxes.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Settings;
use crate::sandbox::{DockerSandbox, DockerUnusable, Layer, Pool, PoolPlan, SessionTimeouts};

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
        let docker = connect(settings, patience).await?;
        Ok(Self::new(Arc::new(docker), &plan(settings, slots, warm_boxes)))
    }

    /// The same with layers left out of the wall, for attacks on those that stay. Never for judging.
    ///
    /// # Errors
    /// When the daemon cannot be used.
    pub async fn open_without(
        layers: &[Layer],
        settings: &Settings,
        slots: Vec<String>,
        warm_boxes: usize,
    ) -> Result<Self, DockerUnusable> {
        let docker = connect(settings, Patience::None).await?.without(layers);
        Ok(Self::new(Arc::new(docker), &plan(settings, slots, warm_boxes)))
    }
}

async fn connect(settings: &Settings, patience: Patience) -> Result<DockerSandbox, DockerUnusable> {
    let launch_timeout = Duration::from_millis(settings.sandbox.launch_timeout_ms);
    let (docker, worker) = (&settings.sandbox.docker, &settings.worker.id);
    match patience {
        Patience::None => DockerSandbox::connect(docker, worker, launch_timeout).await,
        Patience::Endless => DockerSandbox::wait_for(docker, worker, launch_timeout).await,
    }
}

fn plan(settings: &Settings, slots: Vec<String>, warm_boxes: usize) -> PoolPlan {
    PoolPlan {
        slots,
        warm_boxes,
        timeouts: SessionTimeouts {
            hello: Duration::from_millis(settings.sandbox.launch_timeout_ms),
            answer: Duration::from_millis(settings.sandbox.answer_timeout_ms),
        },
    }
}
