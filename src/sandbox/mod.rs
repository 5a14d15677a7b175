//! Boxes: disposable sandboxes, and what can be asked of the runner inside them.
//!
//! A backend (one folder each) makes boxes, see [`Backend`]; [`Session`] is the worker's half of the protocol with the
//! runner in a box, and [`Pool`] starts boxes ahead. Neither broker nor judge is known here: a program's behaviour is a
//! [`RunFacts`], never an error, and an error is never a program's behaviour.

mod backend;
mod claimed_cpus;
mod cpus;
mod descriptors;
mod docker;
mod holes;
mod inputs;
mod microvm;
mod nsjail;
mod pool;
#[cfg(feature = "process-backend")]
mod process;
mod session;
mod spec;

pub use assize_protocol::{
    Component, CpuTime, DURABLE_AT_MOST, Ended, Fault, Fetched, Figure, Lifetime, MemoryPeak, Meters, PrepareRequest,
    Program, PutFile, RunFacts, RunLimits, RunRequest, STDERR_AT_MOST, Stdin, Stopped, Stream, ZygoteEnd,
    ZygoteRequest,
};
pub use backend::{
    Backend, BackendError, BackendFacts, BoxHandle, BoxInput, BoxMeter, BoxOutput, BoxedError, Check, CheckState,
    Isolation, LaunchError, Layer, LiveBox, PostMortem, SETTLES_WITHIN, SWEEP_EVERY, SweepError, WrongSetting,
    check_settings, open_backend, wait_until_usable,
};
pub use claimed_cpus::{ClaimError, ClaimedCpus, claim_cpus};
pub use cpus::{CpusError, Shares, share_out, stay_on, stay_on_list};
pub(crate) use docker::{ImageBuilder, ImageError, ImageRequest};
pub use holes::{KernelHoles, holes_of_kernel};
pub use inputs::InputCache;
pub use pool::{LeaseError, Pool, PoolPlan, Slot};
pub use session::{BoxDescription, BoxError, CpuSpent, Input, RunStreams, Session, SessionTimeouts, Starved};
pub use spec::{BoxRole, BoxSpec, SlotPlacement};
