//! Responses whose shape is not documented.

use crate::json::value::Json;

/// What is wanted of an answer: the first that is so under one of these names, else under one of
/// them one level down, `inside` another.
pub(crate) fn find<V: Json>(
    answer: &V,
    names: &[&str],
    inside: &[&str],
    is_wanted: fn(&V) -> bool,
) -> Option<V> {
    let under = |value: &V| names.iter().find_map(|name| value.member(name).filter(is_wanted));
    under(answer).or_else(|| inside.iter().find_map(|name| under(&answer.member(name)?)))
}
