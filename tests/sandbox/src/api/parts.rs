//! Notes and activities: objects with an `_id` in an array of their lead. The array may also
//! contain strings, as in the reference's example of `notes`.

use serde_json::value::RawValue;

use super::operations::{Context, save};
use super::response::{ApiError, ApiResponse};
use crate::data::clock;
use crate::data::record::{Record, raw};
use crate::data::resource::Resource;
use crate::sync::lock;

type Elements = Vec<Box<RawValue>>;

pub(crate) fn create(context: &Context<'_>, array: &str) -> Result<ApiResponse, ApiError> {
    let mut part = context.body()?;
    let now = clock::now();
    let time = clock::utc(now);
    part.set("_id", context.state.random.id(now));
    part.set("createdAt", &time);
    part.set("updatedAt", &time);
    change(context, array, |elements| {
        elements.push(raw(&part));
        Ok(())
    })?;
    Ok(context.emptied().unwrap_or_else(|| context.created(&part)))
}

pub(crate) fn update(context: &Context<'_>, array: &str) -> Result<ApiResponse, ApiError> {
    let mut part = context.body()?;
    change(context, array, |elements| {
        let (position, former) = find(context, elements)?;
        for name in ["_id", "createdAt"] {
            if let Some(kept) = former.raw(name) {
                part.set_raw(name, kept.to_owned());
            }
        }
        part.set("updatedAt", clock::utc(clock::now()));
        elements[position] = raw(&part);
        Ok(())
    })?;
    Ok(context.settled(&part))
}

pub(crate) fn delete(context: &Context<'_>, array: &str) -> Result<ApiResponse, ApiError> {
    let mut removed = Record::default();
    change(context, array, |elements| {
        let (position, former) = find(context, elements)?;
        elements.remove(position);
        removed = former;
        Ok(())
    })?;
    Ok(context.settled(&removed))
}

/// The element with the path's second id.
fn find(context: &Context<'_>, elements: &Elements) -> Result<(usize, Record), ApiError> {
    let id = context.call.parameter(1);
    elements
        .iter()
        .enumerate()
        .filter_map(|(position, element)| Some((position, Record::parse(element.get()).ok()?)))
        .find(|(_, part)| part.string("_id").as_deref() == Some(id))
        .ok_or_else(ApiError::not_found)
}

fn change(
    context: &Context<'_>,
    array: &str,
    change: impl FnOnce(&mut Elements) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let id = context.call.parameter(0);
    let store = lock(&context.state.store);
    let mut lead = store.get(Resource::Leads, id)?.ok_or_else(ApiError::not_found)?;
    // An update may have set the field to anything; a value that is not an array is replaced.
    let mut elements: Elements = lead.parsed(array).unwrap_or_default();
    change(&mut elements)?;
    lead.set(array, &elements);
    save(&store, Resource::Leads, id, &mut lead)?;
    Ok(())
}
