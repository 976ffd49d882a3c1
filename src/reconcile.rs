//! A lead exactly once: after every ambiguous answer the CRM is asked whether it has the lead, and
//! only when it does not is the lead sent again.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use crate::call::{Call, Submission};
use crate::config::Reconcile;
use crate::endpoint::{self, Method, Output, encode};
use crate::failure::{Code, Failure};
use crate::retry::may_repeat;
use crate::run::{FailureOf, Next, Run, Sends, ValueOf};
use crate::transport::{Json, Reason, Transport};

/// How many records that lack the field are retrieved one by one in a look.
const MOST_RETRIEVED: usize = 50;

impl<T: Transport> Run<'_, T> {
    /// Creates a lead that carries a submission id.
    pub(crate) async fn create_once(
        &self,
        call: &Call,
        submission: &Submission,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let mut sends = Sends::new(call);
        let mut last: Option<FailureOf<T>> = None;
        if self.settings.look_first {
            let found = self.look(call, submission).await.map_err(|look| unseen(look, &sends))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        loop {
            let (failure, meaning, delay) = match self.send(&mut sends, last.take()).await? {
                Next::Done(lead) => return Ok(lead),
                Next::Reauthorize => continue,
                Next::Failed(failure, meaning, delay) => (failure, meaning, delay),
            };
            if !meaning.unknown {
                if !may_repeat(call.method, meaning) || !sends.again(self.settings) {
                    return Err(failure);
                }
                last = Some(self.back_off(&sends, failure, delay).await?);
                continue;
            }
            if failure.code == Code::Abort {
                return Err(failure);
            }
            let (failure, found) = self.reconcile(&sends, submission, failure).await?;
            if found.is_some() {
                return Ok(found);
            }
            if !meaning.retry || !sends.again(self.settings) {
                return Err(failure);
            }
            last = Some(failure);
        }
    }

    /// Waits and looks, and waits and looks again: what one look could not tell, a later one may
    /// find. But a look that fails never leads to a second send: the failure given is the send's,
    /// with the look's behind it.
    async fn reconcile(
        &self,
        sends: &Sends<'_>,
        submission: &Submission,
        mut failure: FailureOf<T>,
    ) -> Result<(FailureOf<T>, Option<ValueOf<T>>), FailureOf<T>> {
        let waits = &self.settings.reconcile_waits;
        for &wait in if waits.is_empty() { &[0.0][..] } else { waits } {
            failure = self.wait(sends, failure, wait, Reason::Reconcile).await?;
            match self.look(sends.call, submission).await {
                Ok(None) => {}
                Ok(found) => return Ok((failure, found)),
                // That the caller gave up or the call's time is up is the outcome, not its cause.
                Err(look) if matches!(look.code, Code::Abort | Code::TotalTimeout) => {
                    return Err(sends.tell(look));
                }
                Err(look) => {
                    let refused = is_refusal(look.code);
                    failure.cause = Some(look);
                    if refused {
                        return Err(failure);
                    }
                }
            }
        }
        if failure.cause.is_some() { Err(failure) } else { Ok((failure, None)) }
    }

    /// Asks the CRM for the lead: by id, by phone, among the most recent. `None` is a "no" that
    /// can be trusted; whatever casts doubt on it is a failure.
    async fn look(
        &self,
        call: &Call,
        submission: &Submission,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let by_id = self.search(call, "q", &submission.id).await?;
        // A CRM that never searched this field would always answer with nothing, and one that
        // ignores `q` with something.
        let absent = by_id.is_empty() && self.shared.finds_by_id.get();
        let found = self.among(by_id, submission).await?;
        if found.is_some() {
            self.shared.finds_by_id.set(true);
            return Ok(found);
        }
        if self.settings.reconcile == Reconcile::Id {
            return if absent { Ok(None) } else { Err(Failure::new(Code::Inconclusive, None)) };
        }
        if !submission.phone.is_empty() {
            let by_phone = self.search(call, "q", &submission.phone).await?;
            let found = self.among(by_phone, submission).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        let recent = self.search(call, "limit", "50").await?;
        let mut comparable = absent || recent.is_empty();
        for lead in recent {
            match self.settings.submission_field.carries(&lead, &submission.id) {
                Some(true) => return Ok(Some(lead)),
                carries => comparable |= carries.is_some(),
            }
        }
        if comparable { Ok(None) } else { Err(Failure::new(Code::Inconclusive, None)) }
    }

    /// The lead among these records that carries the id. Lists may be projections: one that lacks
    /// the field is retrieved and compared.
    async fn among(
        &self,
        leads: Vec<ValueOf<T>>,
        submission: &Submission,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let field = self.settings.submission_field;
        let mut retrieved = 0;
        for lead in leads {
            match field.carries(&lead, &submission.id) {
                Some(true) => return Ok(Some(lead)),
                Some(false) => continue,
                None => {}
            }
            let Some(id) = lead.member("_id").and_then(|id| id.string()) else {
                return Err(Failure::new(Code::Inconclusive, None));
            };
            retrieved += 1;
            if retrieved > MOST_RETRIEVED {
                return Err(Failure::new(Code::Inconclusive, None));
            }
            let endpoint::Operation { path, output, .. } = endpoint::leads::retrieve;
            let target = endpoint::fill(path, |_, _| Some(&id), "", &mut Vec::new());
            let lead = self.get(path, target, output).await?;
            if lead.as_ref().and_then(|lead| field.carries(lead, &submission.id)) == Some(true) {
                return Ok(lead);
            }
        }
        Ok(None)
    }

    /// Lists leads by one parameter.
    async fn search(
        &self,
        call: &Call,
        name: &str,
        value: &str,
    ) -> Result<Vec<ValueOf<T>>, FailureOf<T>> {
        let endpoint::Operation { path, output, .. } = endpoint::leads::list;
        let mut target = [path, "?", name, "="].concat();
        encode(value, &mut target);
        let Some(body) = self.get(path, target, output).await? else {
            return Ok(Vec::new());
        };
        // A create's path is that of the list.
        let records = self.records(call, &body).and_then(|records| records.items());
        records.ok_or_else(|| Failure::new(Code::Inconclusive, None))
    }

    async fn get(
        &self,
        route: &str,
        target: String,
        output: Output,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let look = Call {
            method: Method::Get,
            route: route.into(),
            target,
            body: None,
            output,
            submission: None,
        };
        self.send_until_answered(&look).await
    }
}

/// The failure of a look before the first send. That the key may not look is no verdict on it: it
/// may be good for creating all the same.
fn unseen<A>(look: Box<Failure<A>>, sends: &Sends<'_>) -> Box<Failure<A>> {
    if !is_refusal(look.code) {
        return sends.tell(look);
    }
    let mut failure = Failure::new(Code::Inconclusive, None);
    failure.cause = Some(look);
    failure
}

/// Whether the CRM lets nobody look.
const fn is_refusal(code: Code) -> bool {
    matches!(code, Code::Authentication | Code::PermissionDenied | Code::NotFound)
}
