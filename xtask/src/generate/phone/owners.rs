//! The region of a number among those that share a calling code.

use super::automaton::{AT_END, Machine, Node, Nodes};
use super::machines::Valid;
use super::metadata::Region;
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// The regions of a calling code, the main one first.
pub(super) struct Owners(Vec<Valid>);

/// The state of each region after the digits so far.
type State = Vec<Option<<Valid as Machine>::State>>;

/// A node, and the regions that own the numbers which lead through it.
type OwnedNode = (Option<usize>, BTreeSet<u16>);

impl Owners {
    pub(super) fn new(regions: &[&Region]) -> Result<Self> {
        let owned = |region: &&Region| match region.leading.as_str() {
            "" => Valid::new(region),
            leading => Valid::beginning(leading),
        };
        Ok(Self(regions.iter().map(owned).collect::<Result<_>>()?))
    }

    /// Labels numbers with their region's index in the list, as soon as it is certain. Numbers
    /// without a label belong to the main region, or to none.
    pub(super) fn build(&self, nodes: &mut Nodes) -> Option<usize> {
        let start = self.0.iter().map(|region| Some(region.start())).collect();
        self.visit(start, nodes, &mut HashMap::new()).0
    }

    fn visit(
        &self,
        state: State,
        nodes: &mut Nodes,
        visited: &mut HashMap<State, OwnedNode>,
    ) -> OwnedNode {
        if let Some(found) = visited.get(&state) {
            return found.clone();
        }
        let owner = self.owner(&state);
        let mut owners: BTreeSet<u16> = owner.into_iter().collect();
        let mut next = [None; 10];
        for (digit, next) in next.iter_mut().enumerate() {
            let step = |(region, state): (&Valid, &Option<_>)| region.step(state.as_ref()?, digit);
            let state: State = self.0.iter().zip(&state).map(step).collect();
            if state.iter().any(Option::is_some) {
                let (node, below) = self.visit(state, nodes, visited);
                *next = node;
                owners.extend(below);
            }
        }
        let only = owners.first().filter(|_| owners.len() == 1);
        let node = match only {
            Some(0) => None,
            Some(&owner) => nodes.add(Node { labels: vec![owner], next: [None; 10] }),
            None => {
                let owner = owner.filter(|owner| *owner > 0);
                let labels = owner.map(|owner| owner | AT_END).into_iter().collect();
                nodes.add(Node { labels, next })
            }
        };
        visited.insert(state, (node, owners.clone()));
        (node, owners)
    }

    fn owner(&self, state: &State) -> Option<u16> {
        let owns = |(region, state): (&Valid, &Option<_>)| {
            state.as_ref().is_some_and(|state| region.accepts(state))
        };
        self.0.iter().zip(state).position(owns).map(|place| place as u16)
    }
}
