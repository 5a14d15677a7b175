//! The secret of which the ids of submissions with an `Idempotency-Key` are made.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::{Builder, Uuid};

use crate::gateway::sites::random_text::random_bytes;

/// Bytes of a block of SHA-256, to which HMAC fills up a key with zeros.
const BLOCK: usize = 64;

/// Makes ids that no other site can make, and so cannot take first: whose submission it is may be known, and its key guessed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(Vec<u8>);

impl KeySecret {
    /// A new one.
    pub fn draw() -> Self {
        Self(random_bytes().to_vec())
    }

    /// One that was stored.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What is stored of it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id of this name, a UUID of version 8.
    pub(in crate::gateway) fn uuid_of(&self, name: &str) -> Uuid {
        let mut block = [0; BLOCK];
        fill(&mut block, &self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(name.as_bytes());
        let mut id = [0; 16];
        fill(&mut id, &mac.finalize().into_bytes());
        Builder::from_custom_bytes(id).into_uuid()
    }
}

/// Copies as much as both have.
fn fill(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_id_for_each_secret() {
        let [one, other] = [KeySecret::draw(), KeySecret::draw()];
        let id = one.uuid_of("name");
        assert_eq!(KeySecret::of_bytes(one.as_bytes().to_vec()).uuid_of("name"), id);
        assert_ne!(one.uuid_of("another name"), id);
        assert_ne!(other.uuid_of("name"), id);
        assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
        assert_eq!(format!("{one:?}"), "KeySecret { .. }");
    }
}
