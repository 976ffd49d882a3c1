//! Customers.

use super::models;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

models! {
    #[doc = "A customer: a person or a company."]
    Customer {
        #[doc = "Whether the customer is a company."]
        is_company "isCompany": bool, optional;
        #[doc = "The company's capital, in no documented currency."]
        capital "capital": i64, optional;
        #[doc = "The manager."]
        manager "manager": String, optional;
        #[doc = "The name."]
        name "name": String, optional;
        #[doc = "The name in Arabic."]
        name_ar "name_ar": String, optional;
        #[doc = "The address in Arabic."]
        address_ar "address_ar": String, optional;
        #[doc = "The first line of the street address."]
        street1 "street1": String, optional;
        #[doc = "The second line of the street address."]
        street2 "street2": String, optional;
        #[doc = "The postal code."]
        zip_code "zipCode": String, optional;
        #[doc = "The city."]
        city "city": String, optional;
        #[doc = "Contacts. Its entries are not documented."]
        contacts "contacts": Vec<Value>, optional;
        #[doc = "The French establishment number (SIRET)."]
        siret "siret": String, optional;
        #[doc = "The French commercial register number (RCS)."]
        rcs "rcs": String, optional;
        #[doc = "A number the vendor calls `unNumber`."]
        un_number "unNumber": i64, optional;
        #[doc = "The status."]
        status "status": String, optional;
        #[doc = "The subject."]
        subject "subject": String, optional;
        #[doc = "The category."]
        category "category": String, optional;
    }
    received {
        #[doc = "The record's id."]
        id "_id": String;
    }
}
