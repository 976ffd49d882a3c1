//! The query parameters of every list.

use super::models;
use alloc::string::String;

models! {
    #[doc = "What to list. The same for all four lists; any other parameter is sent too."]
    ListQuery {
        #[doc = "The number of records to return."]
        limit "limit": i64 as Limit, optional;
        #[doc = "The page number. Whether the CRM counts from 0 or 1 is not documented."]
        page "page": i64 as Page, optional;
        #[doc = "The order of the records."]
        order "order": String, optional;
        #[doc = "The field to sort by."]
        sort_by "sortBy": String, optional;
        #[doc = "The filter of the records."]
        fields "fields": String, optional;
        #[doc = "Policy filters."]
        p "p": String, optional;
        #[doc = "The search query."]
        q "q": String, optional;
    }
}
