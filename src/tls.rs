//! Which library does the cryptography of TLS: ring, for everything in the process. A second one would be a minute more
//! to build, and rustls refuses to choose between two.

use rustls::crypto::ring::default_provider;

/// Makes ring what TLS of this process uses. To be called before an HTTP client is made, by the code that makes it: without
/// a provider, `reqwest` panics. Another provider that the process has already stays.
pub fn install_provider() {
    // An error says that there is one already.
    let _installed = default_provider().install_default();
}
