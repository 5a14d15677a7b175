//! Layers that can be left out of a box, for attacks on those that stay.
//!
//! Neither the user namespace nor the network namespace is among them: without them a box would be root's, or on the
//! host's own network, and what an attack then finds says nothing about the other layers.

use assize_jailer_protocol::WithoutLayer;

use crate::sandbox::{BackendError, Layer};

/// The names of them all.
pub(super) fn names() -> Vec<Layer> {
    WithoutLayer::ALL.map(|layer| Layer::of_backend(layer.name())).to_vec()
}

/// The layer of that name.
pub(super) fn of(named: &Layer) -> Result<WithoutLayer, BackendError> {
    let found = WithoutLayer::ALL.into_iter().find(|layer| layer.name() == named.name());
    found.ok_or_else(|| BackendError::NoSuchLayer {
        backend: super::NAME,
        layer: named.name().to_owned(),
        layers: WithoutLayer::ALL.map(WithoutLayer::name).join(", "),
    })
}
