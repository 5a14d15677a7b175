//! Runner
fn main() {}
