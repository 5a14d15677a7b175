//! Real programs in real boxes of a Docker Engine. The images must be there: `make images` builds them.

mod court;
mod hardening;
mod verdicts;
