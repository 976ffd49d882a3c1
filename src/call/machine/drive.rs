//! Driving a call with futures, for Rust callers.

use super::{Answer, Asked, Ending, Run, Step};
use crate::call::transport::Transport;
use core::mem;

impl<A: Answer> Run<A> {
    /// Makes the call.
    ///
    /// # Errors
    ///
    /// Every failure but that of a call that could not be made ready.
    pub async fn drive(&mut self, transport: &impl Transport<Answer = A>) -> Ending<A> {
        let driven = Driven { run: self, transport };
        let mut given = None;
        loop {
            given = match driven.run.step(transport, given) {
                Step::Send => Some(transport.send(driven.run.request()).await),
                Step::Sleep(milliseconds) => transport.sleep(milliseconds).await.err(),
                Step::Done(ending) => return ending,
            }
        }
    }
}

/// A call whose future may be dropped at any time.
struct Driven<'a, A: Answer, T: Transport<Answer = A>> {
    run: &'a mut Run<A>,
    transport: &'a T,
}

impl<A: Answer, T: Transport<Answer = A>> Drop for Driven<'_, A, T> {
    fn drop(&mut self) {
        match mem::replace(&mut self.run.asked, Asked::Start) {
            Asked::Turn(ticket, ..) => self.run.leave(ticket),
            Asked::Answer => self.run.ended(self.transport.now()),
            _ => {}
        }
    }
}
