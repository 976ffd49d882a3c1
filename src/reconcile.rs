//! A lead exactly once: after every ambiguous answer the CRM is asked whether it has the lead, and
//! only when it does not is the lead sent again.

use crate::call::{Call, Submission};
use crate::config::Reconcile;
use crate::endpoint::{self, Method};
use crate::failure::{Code, Failure};
use crate::path::{encode, fill};
use crate::run::{FailureOf, Run, Sends, ValueOf};
use crate::transport::{Answer, Json, Outcome, Reason, Transport};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// How many records that lack the field are retrieved one by one in a look.
const MOST_RETRIEVED: usize = 50;

impl<T: Transport> Run<'_, T> {
    /// Waits and looks, and waits and looks again: what one look could not tell, a later one may
    /// find. But a look that fails never leads to a second send: the failure given is the send's,
    /// with the look's behind it.
    pub(crate) async fn reconcile(
        &self,
        sends: &Sends<'_>,
        submission: &Submission,
        mut failure: FailureOf<T>,
    ) -> Result<(FailureOf<T>, Option<ValueOf<T>>), FailureOf<T>> {
        let waits = &self.settings.reconcile_waits;
        for &wait in if waits.is_empty() { &[0.0][..] } else { waits } {
            failure = self.wait(sends, failure, wait, Reason::Reconcile).await?;
            match self.look(submission).await {
                Ok(None) => {}
                Ok(found) => return Ok((failure, found)),
                // That the caller gave up or the call's time is up is the outcome, not its cause.
                Err(look) if matches!(look.code, Code::Abort | Code::TotalTimeout) => {
                    return Err(sends.tell(look));
                }
                Err(look) => {
                    let refused = is_refusal(&look);
                    failure.cause = Some(look);
                    if refused {
                        return Err(failure);
                    }
                }
            }
        }
        if failure.cause.is_some() { Err(failure) } else { Ok((failure, None)) }
    }

    /// Looks before the first send. That the key may not look is no verdict on it: it may be good
    /// for creating all the same.
    pub(crate) async fn look_first(
        &self,
        sends: &Sends<'_>,
        submission: &Submission,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        self.look(submission).await.map_err(|look| {
            if !is_refusal(&look) {
                return sends.tell(look);
            }
            let mut failure = Failure::new(Code::Inconclusive, None);
            failure.cause = Some(look);
            failure
        })
    }

    /// Asks the CRM for the lead: by id, by phone, among the most recent. `None` is a "no" that
    /// can be trusted; whatever casts doubt on it is a failure.
    async fn look(&self, submission: &Submission) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let field = self.settings.submission_field;
        let questions =
            [("?q=", submission.id.as_str()), ("?q=", &submission.phone), ("?limit=", "50")];
        let mut retrieved = 0;
        let mut comparable = false;
        for (question, (name, value)) in questions.into_iter().enumerate() {
            if value.is_empty() {
                continue;
            }
            let mut query = name.into();
            encode(value, &mut query);
            let leads = self.get(&endpoint::leads::list, None, &query).await?;
            let leads = leads.and_then(|leads| leads.items()).unwrap_or_default();
            // A CRM that never searched this field would always answer with nothing, and one that
            // ignores `q` with something.
            comparable |= leads.is_empty()
                && (question == 2 || question == 0 && self.shared.finds_by_id.get());
            for lead in leads {
                let mut lead = lead;
                let mut carries = field.carries(&lead, &submission.id);
                // Lists may be projections: one that lacks the field is retrieved and compared.
                if carries.is_none() && question < 2 {
                    retrieved += 1;
                    let id = lead.member("_id").and_then(|id| id.string());
                    if id.is_none() || retrieved > MOST_RETRIEVED {
                        return Err(Failure::new(Code::Inconclusive, None));
                    }
                    if let Some(whole) = self.get(&endpoint::leads::retrieve, id, "").await? {
                        lead = whole;
                        carries = field.carries(&lead, &submission.id);
                    }
                }
                if carries == Some(true) {
                    self.shared.finds_by_id.set(self.shared.finds_by_id.get() || question == 0);
                    return Ok(Some(lead));
                }
                comparable |= question == 2 && carries.is_some();
            }
            if self.settings.reconcile == Reconcile::Id {
                break;
            }
        }
        if comparable { Ok(None) } else { Err(Failure::new(Code::Inconclusive, None)) }
    }

    async fn get(
        &self,
        operation: &endpoint::Operation,
        id: Option<String>,
        query: &str,
    ) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let mut target = fill(operation.path, &|_| id.clone(), "", &mut Vec::new());
        target.push_str(query);
        let look = Call {
            method: Method::Get,
            route: operation.path.into(),
            target,
            body: None,
            output: operation.output,
            submission: None,
        };
        // Boxed, since this is a call within a call.
        let answer = Box::pin(self.call(&look)).await?;
        Ok(match answer {
            Some(body) if query.is_empty() => Some(body),
            Some(body) => self.records(&look, &body),
            None => None,
        })
    }
}

/// Whether the CRM lets nobody look.
fn is_refusal<A: Answer>(look: &Failure<A>) -> bool {
    let outcome = look.answer.as_ref().map(Answer::outcome);
    matches!(outcome, Some(Outcome::Status(401 | 403 | 404)))
}
