//! The program `assize`.

fn main() {}
