//! Parts of the corpora that the run of a minute or two leaves to the whole run.

use crate::runs_everything::runs_everything;

/// The short run takes one in so many.
const ONE_IN: usize = 3;

/// Whether the run that is wanted takes the item at this place of a corpus.
pub(crate) fn is_wanted(place: usize) -> bool {
    runs_everything() || place.is_multiple_of(ONE_IN)
}

/// Those that the run that is wanted takes, in their order.
pub(crate) fn wanted<T>(items: Vec<T>) -> Vec<T> {
    let places = items.into_iter().enumerate();
    places
        .filter_map(|(place, item)| is_wanted(place).then_some(item))
        .collect()
}
