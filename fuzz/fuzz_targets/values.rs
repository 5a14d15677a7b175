//! Values of functions: whatever JSON comes is a value or is refused, a value is written as it is read, it equals itself,
//! and comparing two does not depend on which of them is expected.
#![no_main]

use assize::value::{Comparison, Value, Way, read, shown, written};
use libfuzzer_sys::fuzz_target;

const WAYS: [Way; 4] = [
    Way::Exact,
    Way::Approximate { rel: 1e-9, abs: 1e-9 },
    Way::Set,
    Way::Multiset,
];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let values: Vec<Value> = lines.by_ref().take(2).filter_map(|line| read(line).ok()).collect();
    for value in &values {
        let json = written(value);
        let again = read(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(written(&again), json, "written once more");
        assert!(shown(value, 50).len() <= 50 + "...".len());
        for comparison in comparisons() {
            if has_items(value) || !matches!(comparison.way, Way::Set | Way::Multiset) {
                assert!(comparison.accepts(value, value), "{json} by {comparison:?}");
                assert!(comparison.accepts(value, &again), "{json} read again, by {comparison:?}");
            }
        }
    }
    if let [one, other] = &values[..] {
        for comparison in comparisons() {
            let is_symmetric = !matches!(comparison.way, Way::Approximate { .. }) && !comparison.single_is_item;
            let accepted = comparison.accepts(one, other);
            assert!(!is_symmetric || comparison.accepts(other, one) == accepted);
        }
    }
});

fn comparisons() -> impl Iterator<Item = Comparison> {
    WAYS.into_iter().flat_map(|way| {
        [(false, false), (true, false), (false, true)].map(|(tuples_are_lists, single_is_item)| Comparison {
            way,
            tuples_are_lists,
            single_is_item,
        })
    })
}

/// Whether a value can be compared as a set: nothing else equals itself then.
fn has_items(value: &Value) -> bool {
    match value {
        Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::FrozenSet(_) => true,
        Value::Array(shape, _) => shape.len() == 1,
        _ => false,
    }
}
