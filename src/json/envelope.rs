//! Responses whose shape is not documented.

use crate::json::value::Json;

/// The first wanted member of a response: under one of `names`, or under one of them one level below,
/// `inside` another member.
pub(crate) fn find<V: Json>(
    body: &V,
    names: &[&str],
    inside: &[&str],
    is_wanted: fn(&V) -> bool,
) -> Option<V> {
    let under = |value: &V| names.iter().find_map(|name| value.member(name).filter(is_wanted));
    under(body).or_else(|| inside.iter().find_map(|name| under(&body.member(name)?)))
}
