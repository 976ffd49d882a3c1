//! Drives a call with futures, for Rust callers.

use super::{CallMachine, CallResult, Step, WaitState};
use crate::call::transport::{Response, Transport, duration};
use core::mem;

impl<R: Response> CallMachine<R> {
    /// Makes the call.
    ///
    /// # Errors
    ///
    /// Every failure except those of invalid input, which [`PreparedRequest::new`] returns.
    ///
    /// [`PreparedRequest::new`]: crate::request::prepared::PreparedRequest::new
    pub async fn drive(&mut self, transport: &impl Transport<Response = R>) -> CallResult<R> {
        let guard = DriveGuard { machine: self, transport };
        let mut response = None;
        loop {
            response = match guard.machine.step(transport, response) {
                Step::Send => Some(transport.send(guard.machine.request()).await),
                Step::Sleep(milliseconds) => transport.sleep(duration(milliseconds)).await.err(),
                Step::Done(result) => return result,
            }
        }
    }
}

/// Releases the limiter if the future is dropped before the call ends.
struct DriveGuard<'a, R: Response, T: Transport<Response = R>> {
    machine: &'a mut CallMachine<R>,
    transport: &'a T,
}

impl<R: Response, T: Transport<Response = R>> Drop for DriveGuard<'_, R, T> {
    fn drop(&mut self) {
        match mem::replace(&mut self.machine.state, WaitState::Start) {
            WaitState::Permit(ticket, ..) => self.machine.cancel_ticket(ticket),
            WaitState::Response => self.machine.release_permit(self.transport.now()),
            _ => {}
        }
    }
}
